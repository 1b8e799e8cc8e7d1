using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Usage;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Hosting;

public sealed class ConfigurationFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_settings_are_read_whatever_their_case()
    {
        var settings = Read(
            """
            {
              // Comments are allowed.
              "DicomFunctions": {
                "jobs": { "MaxWorkers": 20 }, "Sources": { "DicomWeb": { "pacs": { "Url": "https://pacs/dicom-web" } } }
              },
              "Logging": { "LogLevel": { "Default": "Debug" } }
            }
            """);

        Assert.Equal("20", settings["DicomFunctions:Jobs:MaxWorkers"]);
        Assert.Equal("https://pacs/dicom-web", settings["DicomFunctions:Sources:DicomWeb:pacs:Url"]);
        Assert.Equal("Debug", settings["Logging:LogLevel:Default"]);
    }

    [Fact]
    public void Unknown_keys_are_all_named()
    {
        var refused = Assert.Throws<CommandFailedException>(
            () => Read("""{"DicomFunctions":{"Jobs":{"MaxWorker":3,"MaxWorkers":3},"Job":{"A":1}},"DicomFunction":{"Jobs":{"B":1}}}"""));

        foreach (var key in new[] { "DicomFunction:Jobs:B", "DicomFunctions:Job:A", "DicomFunctions:Jobs:MaxWorker" })
            Assert.Matches($"unknown settings: .*{key}[,.]", refused.Message);
    }

    [Theory]
    [InlineData("""{"DicomFunctions":{"Authorization":{"BearerToken":"hidden"}}}""", "DicomFunctions:Authorization:BearerToken")]
    [InlineData("""{"DicomFunctions":{"Events":{"Secret":"hidden"}}}""", "DicomFunctions:Events:Secret")]
    [InlineData("""{"DicomFunctions":{"Local":{"ApiKey":"hidden"}}}""", "DicomFunctions:Local:ApiKey")]
    [InlineData(
        """{"DicomFunctions":{"Sources":{"DicomWeb":{"x":{"Password":"hidden"}}}}}""", "DicomFunctions:Sources:DicomWeb:x:Password")]
    public void A_secret_is_refused_and_not_shown(string json, string key)
    {
        var message = Assert.Throws<CommandFailedException>(() => Read(json)).Message;

        Assert.Contains($"{key} is a secret", message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[1]")]
    [InlineData("")]
    public void Invalid_JSON_is_refused_with_the_name_of_the_file(string json) =>
        Assert.StartsWith(_folder.Path, Assert.Throws<CommandFailedException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_named_must_be_there() =>
        Assert.StartsWith(
            "--config: cannot read",
            Assert.Throws<CommandFailedException>(() => ConfigurationFile.Read(new FileInfo(_folder.Combine("none.json")))).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"DicomFunctions":{"DicomWeb":{"BaseUrl":"http://10.0.0.5/v1"}}}""", "None")]
    [InlineData("""{"DicomFunctions":{"DicomWeb":{"ServiceRoot":"https://healthcare.googleapis.com.evil/x"}}}""", "None")]
    [InlineData("""{"DicomFunctions":{"DicomWeb":{"BaseUrl":"https://healthcare.googleapis.com/v1"}}}""", null)]
    [InlineData(
        """{"DicomFunctions":{"DicomWeb":{"BaseUrl":"https://proxy/v1"},"Authorization":{"Mode":"ApplicationDefault"}}}""",
        "ApplicationDefault")]
    public void Google_credentials_go_to_no_other_server_unless_it_says_so(string json, string? mode) =>
        Assert.Equal(mode, Read(json).GetValueOrDefault("DicomFunctions:Authorization:Mode"));

    private Dictionary<string, string?> Read(string json)
    {
        var file = new FileInfo(_folder.Combine("settings.json"));
        File.WriteAllText(file.FullName, json);
        return ConfigurationFile.Read(file);
    }
}
