using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary>What <c>dicomfn serve</c> listens on, whoever says so.</summary>
public sealed class ListeningTests
{
    [Theory]
    [InlineData("Kestrel__Endpoints__open__Url", "http://0.0.0.0:0")]
    [InlineData("Kestrel__Endpoints__open__Url", "http://[::]:0")]
    [InlineData("Kestrel__Endpoints__open__Url", "http://*:0")]
    public async Task An_interface_that_a_setting_of_the_web_server_opens_needs_an_api_key(string name, string value)
    {
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string> { [name] = value };

        var refused = await DicomFn.RunAsync(["serve", "--data", folder.Combine("data"), "--url", "http://127.0.0.1:0"], settings);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--api-key-file", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);

        var key = folder.Combine("key");
        await File.WriteAllTextAsync(key, "0123456789abcdef");
        await using var serve = await ServeProcess.StartAsync(folder.Combine("data"), settings, "--api-key-file", key);
        Assert.Equal(401, await RawHttp.SendAsync(new Uri($"http://127.0.0.1:{serve.Http.BaseAddress!.Port}"), "GET", "/api/jobs"));
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:0")]
    [InlineData("URLS", "http://0.0.0.0:0")]
    [InlineData("HTTP_PORTS", "0")]
    [InlineData("ASPNETCORE_HTTP_PORTS", "0")]
    public async Task Other_ways_to_name_addresses_open_nothing(string name, string value)
    {
        using var folder = new TempFolder();

        await using var serve = await ServeProcess.StartAsync(folder.Path, new Dictionary<string, string> { [name] = value });

        Assert.Equal("127.0.0.1", serve.Http.BaseAddress!.Host);
        Assert.Equal(200, await RawHttp.SendAsync(serve.Http.BaseAddress!, "GET", "/api/jobs"));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Origin: http://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Host: evil.example")]
    public async Task Pages_of_other_sites_are_refused(string header)
    {
        using var folder = new TempFolder();
        await using var serve = await ServeProcess.StartAsync(folder.Path, settings: null);

        Assert.Equal(403, await RawHttp.SendAsync(serve.Http.BaseAddress!, "GET", "/api/jobs", header));
    }

    [Fact]
    public async Task A_key_in_an_address_is_not_logged_whatever_the_log_level()
    {
        using var folder = new TempFolder();
        var key = folder.Combine("key");
        await File.WriteAllTextAsync(key, "0123456789secret");
        var settings = new Dictionary<string, string>
        {
            ["Logging__LogLevel__Default"] = "Trace",
            ["Logging__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace",
            ["Logging__Console__LogLevel__Default"] = "Trace",
            ["Logging__Console__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics"] = "Trace",
        };
        await using var serve = await ServeProcess.StartAsync(folder.Combine("data"), settings, "--api-key-file", key);

        Assert.Equal(200, await RawHttp.SendAsync(serve.Http.BaseAddress!, "GET", "/api/jobs?code=0123456789secret"));
        Assert.Equal(404, await RawHttp.SendAsync(serve.Http.BaseAddress!, "GET", "/api/nothing?code=0123456789secret"));
        await serve.Process.InterruptAsync();
        await serve.Process.ExitedAsync();

        Assert.Contains("Microsoft.AspNetCore", serve.Process.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789secret", serve.Process.Error, StringComparison.Ordinal);
    }
}
