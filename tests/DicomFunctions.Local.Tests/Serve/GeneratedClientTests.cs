using System.Diagnostics;
using DicomFunctions.Local.Serve;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Serve;

/// <summary><c>eng/openapi/check</c>: the linter of the API's document, and a client generated from it, against this host.</summary>
public sealed class GeneratedClientTests
{
    private const string Key = "0123456789abcdef";

    [OpenApiToolsFact]
    public async Task Document_is_clean_and_its_client_tells_records_apart_by_their_kind()
    {
        using var folder = new TempFolder();
        await using var host = ServeHost.Build(new Dictionary<string, string?>
        {
            ["DicomFunctions:Local:DataDirectory"] = folder.Combine("data"),
            ["DicomFunctions:Local:Url"] = "http://127.0.0.1:0",
            ["DicomFunctions:Local:ApiKey"] = Key,
        });
        await host.StartAsync();

        using var check = Process.Start(
            new ProcessStartInfo("bash", [RepositoryFolder.File("eng", "openapi", "check"), host.Urls.Single(), Key])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        var (output, error) = (check.StandardOutput.ReadToEndAsync(), check.StandardError.ReadToEndAsync());
        await check.WaitForExitAsync().InTime();

        Assert.Equal((0, ""), (check.ExitCode, await error));
        Assert.Equal(
            [
                "search: 0 data sets, invalid_request",
                "retrieve: 0 results, invalid_request",
                "upload: no source, forbidden",
                "format: nothing, malformed",
            ],
            (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
