using System.Text.Json.Nodes;
using DicomFunctions.Local.Serve;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace DicomFunctions.Local.Tests.Serve;

/// <summary>What this host adds to health: its disk, and access to the deep check.</summary>
public sealed class LocalHealthTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_disk_is_checked_and_deep_needs_the_key()
    {
        await using var host = await StartAsync(_folder.Path, key: "0123456789abcdef");
        using var http = new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };

        var health = JsonNode.Parse(await http.GetStringAsync("/api/health"))!;
        Assert.Equal("ok", (string?)health["checks"]!["disk"]);
        foreach (var path in new[] { "/api/health/deep", "/api/health?deep", "/api/health?deep&code=fedcba9876543210" })
        {
            using var refused = await http.GetAsync(path);
            Assert.Equal(401, (int)refused.StatusCode);
        }

        using var deep = await http.GetAsync("/api/health?deep&code=0123456789abcdef");
        Assert.Equal(200, (int)deep.StatusCode);
    }

    [TinyDiskFact]
    public async Task A_full_disk_is_reported()
    {
        using var disk = new TinyDisk(kilobytes: 16 << 10);
        await using var host = await StartAsync(Path.Combine(disk.Path, "data"), key: null);
        using var http = new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };

        await http.GetStringAsync("/api/health");
        await File.WriteAllBytesAsync(
            Path.Combine(disk.Path, "filler"), new byte[new DriveInfo(disk.Path).AvailableFreeSpace - (256 << 10)]);

        // A successful check is cached for five seconds.
        await Eventually.HoldsAsync(async () =>
        {
            using var asked = await http.GetAsync("/api/health");
            return !asked.IsSuccessStatusCode;
        }, "the disk is checked again");
        using var answer = await http.GetAsync("/api/health");
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.Contains(
            "Free some space",
            (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["checks"]!["disk"],
            StringComparison.Ordinal);
    }

    private static Task<WebApplication> StartAsync(string data, string? key) => ServeHost.StartAsync(
        new Dictionary<string, string?>
        {
            ["DicomFunctions:Local:DataDirectory"] = data,
            ["DicomFunctions:Local:Url"] = "http://127.0.0.1:0",
            ["DicomFunctions:Local:ApiKey"] = key,
            ["DicomFunctions:Authorization:Mode"] = "None",
        },
        CancellationToken.None);
}
