using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources.DicomWeb;

public sealed class DicomWebServerOptionsTests
{
    [Theory]
    [InlineData("Url=https://h/dicom-web")]
    [InlineData("Url=http://orthanc:8042/dicom-web")]
    [InlineData("Url=http://127.0.0.1:8042", "User=u", "Password=p:p")]
    [InlineData("Url=https://h", "BearerToken=abc", "PageSize=5000")]
    [InlineData("Url=https://h", "BearerTokenFile=/run/secrets/pacs")]
    public async Task Valid_settings_are_accepted(params string[] settings)
    {
        await using var host = await StartAsync("PACS", settings);
        var server = Assert.Single(Options(host).DicomWeb).Value;
        Assert.Same(server, Options(host).DicomWeb["pacs"]);
    }

    [Theory]
    [InlineData("PACS", "PACS:Url must be the http or https URL", "PageSize=5")]
    [InlineData("PACS", "PACS:Url must be the http or https URL", "Url=ftp://h")]
    [InlineData("PACS", "PACS:Url must be the http or https URL", "Url=https://h/?a=secret")]
    [InlineData("PACS", "PACS:Url must not have a user name", "Url=https://u:secret@h")]
    [InlineData("PACS", "PACS:Url must be https", "Url=http://pacs/x", "User=u", "Password=secret")]
    [InlineData("PACS", "PACS:Url must be https", "Url=http://pacs/x", "BearerToken=secret")]
    [InlineData("PACS", "more than one credential", "Url=https://h", "BearerToken=secret", "User=u", "Password=secret")]
    [InlineData("PACS", "User and Password must be set together", "Url=https://h", "Password=secret")]
    [InlineData("PACS", "User and Password must be set together", "Url=https://h", "User=u:v", "Password=secret")]
    [InlineData("PACS", "character that a bearer token cannot have", "Url=https://h", "BearerToken=secret\n")]
    [InlineData("PACS", "BearerTokenFile is empty", "Url=https://h", "BearerTokenFile= ")]
    [InlineData("PACS", "PageSize must be", "Url=https://h", "PageSize=0")]
    [InlineData("Projects", "cannot be named 'projects'", "Url=https://h")]
    [InlineData("a/b", "letters, digits", "Url=https://h")]
    [InlineData("PACS", "ErrorOnUnknownConfiguration", "Url=https://h", "Pasword=secret")]
    public async Task Invalid_settings_are_refused_without_a_secret(string name, string message, params string[] settings)
    {
        await using var host = await StartAsync(name, settings);
        var refusal = Assert.ThrowsAny<Exception>(() => Options(host)).Message;
        Assert.Contains(message, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refusal, StringComparison.Ordinal);
    }

    private static SourceOptions Options(CoreHost host) => host.Services.GetRequiredService<IOptions<SourceOptions>>().Value;

    private static Task<CoreHost> StartAsync(string name, string[] settings) => CoreHost.StartAsync(
        settings: [.. settings.Select(setting => ($"Sources:DicomWeb:{name}:{setting.Split('=', 2)[0]}", setting.Split('=', 2)[1]))]);
}
