using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources;

public sealed class SourceCatalogTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ftp://host/x")]
    [InlineData("https://host/x.dcm")]
    [InlineData("C:\\scans\\x.dcm")]
    public async Task OpenAsync_unknown_scheme_says_which_there_are(string reference)
    {
        await using var services = Services();
        var catalog = services.GetRequiredService<SourceCatalog>();
        Assert.False(catalog.IsPattern(reference));
        var opening = await catalog.OpenAsync(reference, CancellationToken.None);
        Assert.Equal(FailureCode.BadReference, opening.Problem?.Code);
        Assert.Contains("gs://", opening.Problem?.Message, StringComparison.Ordinal);
        await foreach (var page in catalog.ExpandAsync(reference, after: null, CancellationToken.None))
            Assert.Equal(opening.Problem, Assert.Single(page.Items).Problem);
    }

    [Fact]
    public async Task OpenAsync_known_schemes_find_their_providers()
    {
        File.WriteAllBytes(_folder.Combine("x.dcm"), [7]);
        Directory.CreateDirectory(_folder.Combine("store", "drop"));
        File.WriteAllBytes(_folder.Combine("store", "drop", "y.dcm"), [8]);
        await using var services = Services(new() { ["DicomFunctions:Sources:AllowedRoots:0"] = _folder.Path });
        var catalog = services.GetRequiredService<SourceCatalog>();
        Assert.True(catalog.IsPattern("gs://b/*.dcm"));
        Assert.Equal([7], await ReadAsync(catalog, "file:x.dcm"));
        Assert.Equal([8], await ReadAsync(catalog, "drop/y.dcm"));
    }

    [Fact]
    public async Task AddUploadSources_provider_registered_before_takes_over_its_scheme()
    {
        var services = new ServiceCollection().AddSingleton<ISourceProvider>(new ConstantSource());
        await using var provider = Add(services, []).BuildServiceProvider();
        Assert.Equal([42], await ReadAsync(provider.GetRequiredService<SourceCatalog>(), "gs://any/thing"));
    }

    [Theory]
    [InlineData("GcsMaxAttempts", "0")]
    [InlineData("GcsTimeout", "00:00:00")]
    [InlineData("GcsBaseUrl", "ftp://x")]
    [InlineData("AllowedRoots:0", "")]
    [InlineData("AllowedRoot", "/data")] // a key that does not exist
    public async Task AddUploadSources_bad_options_are_refused(string key, string value)
    {
        await using var services = Services(new() { [$"DicomFunctions:Sources:{key}"] = value });
        Assert.ThrowsAny<Exception>(() => services.GetRequiredService<IOptions<SourceOptions>>().Value);
    }

    private static async Task<byte[]> ReadAsync(SourceCatalog catalog, string reference)
    {
        var opening = await catalog.OpenAsync(reference, CancellationToken.None);
        Assert.True(opening.IsOpen, opening.Problem?.Message);
        await using var opened = opening.Opened;
        return await opened.ReadToEndAsync();
    }

    private ServiceProvider Services(Dictionary<string, string?>? settings = null) =>
        Add(new ServiceCollection(), settings ?? []).BuildServiceProvider();

    private IServiceCollection Add(IServiceCollection services, Dictionary<string, string?> settings)
    {
        settings["DicomFunctions:Authorization:Mode"] = nameof(AuthorizationMode.None);
        return services
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton<IObjectStore>(_ => new DirectoryObjectStore(_folder.Combine("store")))
            .AddAccessTokens()
            .AddUploadSources();
    }

    private sealed class ConstantSource : ISourceProvider
    {
        public string Example => "constant:";

        public bool CanOpen(string reference) => reference.StartsWith("gs:", StringComparison.Ordinal);

        public bool IsPattern(string reference) => false;

        public IAsyncEnumerable<SourcePage> ExpandAsync(string reference, string? after, CancellationToken cancellationToken) =>
            throw new InvalidOperationException();

        public Task<SourceOpening> OpenAsync(string reference, CancellationToken cancellationToken) =>
            Task.FromResult(new SourceOpening(new OpenedSource(new MemoryStream([42]), 1, null, static _ => new(true))));
    }
}
