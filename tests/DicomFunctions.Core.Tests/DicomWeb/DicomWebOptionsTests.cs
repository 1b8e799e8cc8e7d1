using DicomFunctions.Core.DicomWeb;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb;

public sealed class DicomWebOptionsTests
{
    [Theory]
    [InlineData("PageSizes:Instances", "0")]
    [InlineData("MaxAttempts", "0")]
    [InlineData("IdleTimeout", "00:00:00")]
    [InlineData("BaseUrl", "ftp://example.org")]
    public void Settings_OutOfRange_AreRefusedByName(string key, string value)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new($"{DicomWebOptions.SectionName}:{key}", value)]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddDicomFunctions().BuildServiceProvider();
        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<DicomWebOptions>>().Value);
        Assert.Contains(key.Split(':')[^1], exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://healthcare.googleapis.com/v1", "googleapis.com")]
    [InlineData("https://us-central1-healthcare.googleapis.com/v1", "googleapis.com")]
    [InlineData("http://127.0.0.1:8042/v1", "localhost")]
    [InlineData("http://localhost:9000", "localhost")]
    [InlineData("http://[::1]:9000", "localhost")]
    [InlineData("https://user:secret@PACS.example.org/dicom-web/", "pacs.example.org/dicom-web")]
    [InlineData("http://pacs.example.org:8042", "pacs.example.org:8042")]
    [InlineData("https://googleapis.com.example.org", "googleapis.com.example.org")]
    public void Server_IsTheSame_ByWhateverAddress(string url, string server)
    {
        Assert.Equal(server, new DicomWebOptions { BaseUrl = new Uri(url) }.Server);
        Assert.Equal(server, new DicomWebOptions { ServiceRoot = new Uri(url) }.Server);
    }
}
