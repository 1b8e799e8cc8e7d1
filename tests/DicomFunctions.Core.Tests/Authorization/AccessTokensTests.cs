using System.Text;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Google.Apis.Auth.OAuth2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.Authorization;

public sealed class AccessTokensTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task None_sends_no_token() => Assert.Null(await TokenAsync(new() { ["Mode"] = "None" }));

    [Fact]
    public async Task Bearer_sends_the_token() =>
        Assert.Equal("secret", await TokenAsync(new() { ["Mode"] = "Bearer", ["BearerToken"] = "secret" }));

    [Fact]
    public async Task Bearer_file_is_read_again_when_the_token_is_refused()
    {
        var file = _folder.Combine("token");
        await File.WriteAllTextAsync(file, "first\n");
        await using var services = Services(new() { ["Mode"] = "Bearer", ["BearerTokenFile"] = file });
        var tokens = services.GetRequiredService<IAccessTokenSource>();
        Assert.Equal("first", await tokens.GetTokenAsync(CancellationToken.None));
        await File.WriteAllTextAsync(file, "second\n");
        tokens.Invalidate("first");
        Assert.Equal("second", await tokens.GetTokenAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    public async Task Bearer_file_as_Windows_writes_it_is_read(string encoding)
    {
        await File.WriteAllTextAsync(_folder.Combine("token"), "secret\r\n", Encoding.GetEncoding(encoding));
        Assert.Equal("secret", await TokenAsync(new() { ["Mode"] = "Bearer", ["BearerTokenFile"] = _folder.Combine("token") }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    public async Task Bearer_file_without_a_token_says_so(string? content)
    {
        if (content is not null)
            await File.WriteAllTextAsync(_folder.Combine("token"), content);
        var failure = await Assert.ThrowsAsync<AccessTokenException>(
            () => TokenAsync(new() { ["Mode"] = "Bearer", ["BearerTokenFile"] = _folder.Combine("token") }));
        Assert.Contains("file", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("words", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Application_default_credential_in_the_container_takes_its_place()
    {
        Assert.Equal("given", await TokenAsync([], services => services.AddSingleton(GoogleCredential.FromAccessToken("given"))));
        Assert.Equal("t1", await TokenAsync([], services => services.AddSingleton<ITokenAccess>(new CountingCredential())));
    }

    [Theory]
    [InlineData(null, AuthorizationOptions.CloudPlatformScope, AuthorizationOptions.PubSubScope, AuthorizationOptions.HealthcareScope)]
    [InlineData("given", "given", "given", "given")]
    public async Task Application_default_each_service_gets_a_token_of_the_scope_it_needs(
        string? scope, string storage, string pubSub, string store)
    {
        var settings = scope is null ? [] : new Dictionary<string, string?> { ["Scopes:0"] = scope };
        await using var services = Services(settings, services => services.AddSingleton(ScopedCredential.Create()));

        // The widest scope is asked for first: the narrower ones must not inherit it.
        foreach (var (asked, expected) in new[]
        {
            (AuthorizationOptions.CloudPlatformScope, storage), (AuthorizationOptions.PubSubScope, pubSub),
            (AuthorizationOptions.HealthcareScope, store),
        })
        {
            var tokens = services.GetAccessTokens(asked);
            Assert.Equal($"token for {expected}", await tokens.GetTokenAsync(CancellationToken.None));
            Assert.Same(tokens, services.GetAccessTokens(asked));
        }

        Assert.Equal($"token for {store}", await services.GetRequiredService<IAccessTokenSource>().GetTokenAsync(CancellationToken.None));
    }

    [Fact]
    public async Task GetAccessTokens_any_other_source_is_the_one_for_all()
    {
        await using var services = Services(new() { ["Mode"] = "Bearer", ["BearerToken"] = "secret" });
        Assert.Same(services.GetRequiredService<IAccessTokenSource>(), services.GetAccessTokens(AuthorizationOptions.CloudPlatformScope));
    }

    [Fact]
    public async Task AddAccessTokens_custom_source_wins()
    {
        var custom = new NoTokenSource();
        await using var services = Services(
            new() { ["Mode"] = "Bearer", ["BearerToken"] = "x" }, s => s.AddSingleton<IAccessTokenSource>(custom));
        Assert.Same(custom, services.GetRequiredService<IAccessTokenSource>());
    }

    [Theory]
    [InlineData("Mode", "Bearer", null, null)]
    [InlineData("Mode", "Bearer", "BearerToken", "two words")]
    [InlineData("Mode", "Bearer", "BearerTokenFile", " ")]
    [InlineData("Mode", "None", "BearerToken", "x")]
    [InlineData("BearerToken", "x", null, null)]
    [InlineData("Mode", "Anything", null, null)]
    [InlineData("Mode", "7", null, null)]
    [InlineData("Scopes:0", "a b", null, null)]
    [InlineData("BearerTokn", "x", null, null)] // a key that does not exist
    public async Task Options_that_make_no_sense_are_refused(string key, string value, string? key2, string? value2)
    {
        var settings = new Dictionary<string, string?> { [key] = value };
        if (key2 is not null)
            settings[key2] = value2;
        await using var services = Services(settings);
        var failure = Assert.ThrowsAny<Exception>(() => services.GetRequiredService<IOptions<AuthorizationOptions>>().Value);
        Assert.DoesNotContain("two words", failure.Message, StringComparison.Ordinal);
    }

    private async Task<string?> TokenAsync(Dictionary<string, string?> settings, Action<IServiceCollection>? register = null)
    {
        await using var services = Services(settings, register);
        return await services.GetRequiredService<IAccessTokenSource>().GetTokenAsync(CancellationToken.None);
    }

    private static ServiceProvider Services(Dictionary<string, string?> settings, Action<IServiceCollection>? register = null)
    {
        var services = new ServiceCollection();
        register?.Invoke(services);
        return services
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(
                    settings.Select(pair => KeyValuePair.Create($"{AuthorizationOptions.SectionName}:{pair.Key}", pair.Value)))
                .Build())
            .AddAccessTokens()
            .BuildServiceProvider();
    }

    private sealed class CountingCredential : ITokenAccess
    {
        private int _count;

        public Task<string> GetAccessTokenForRequestAsync(string? authUri = null, CancellationToken cancellationToken = default) =>
            Task.FromResult($"t{++_count}");
    }
}
