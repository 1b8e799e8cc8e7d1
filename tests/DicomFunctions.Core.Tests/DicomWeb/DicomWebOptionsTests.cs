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
    public void Settings_out_of_range_are_refused_by_name(string key, string value)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new($"{DicomWebOptions.SectionName}:{key}", value)]).Build();
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddDicomFunctions()
            .BuildServiceProvider();
        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<DicomWebOptions>>().Value);
        Assert.Contains(key.Split(':')[^1], exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://healthcare.googleapis.com/v1", "https://us-central1-healthcare.googleapis.com/v1beta1", true)]
    [InlineData("http://127.0.0.1:8042/v1", "http://localhost:8042/v1/", true)]
    [InlineData("http://[::1]:8042/v1", "http://localhost:8042/v1", true)]
    [InlineData("http://127.0.0.1:8042/v1", "http://127.0.0.1:8043/v1", false)]
    [InlineData("https://user:secret@PACS.example.org/dicom-web/", "https://pacs.example.org/dicom-web", true)]
    [InlineData("https://pacs.example.org/dicom-web", "http://pacs.example.org/dicom-web", false)]
    [InlineData("https://pacs.example.org/a", "https://pacs.example.org/b", false)]
    [InlineData("https://healthcare.googleapis.com/v1", "https://googleapis.com.example.org/v1", false)]
    public void Server_is_the_same_where_it_leads_to_the_same_stores(string one, string other, bool isSame)
    {
        Assert.Equal(isSame, Prefix(one).IsSameAs(Prefix(other)));
        Assert.Equal(isSame && !one.Contains("googleapis", StringComparison.Ordinal), Root(one).IsSameAs(Root(other)));
        Assert.False(Prefix(one).IsSameAs(Root(one)));

        static DicomServer Prefix(string url) => new DicomWebOptions { BaseUrl = new Uri(url) }.Server;
        static DicomServer Root(string url) => new DicomWebOptions { ServiceRoot = new Uri(url) }.Server;
    }

    [Fact]
    public void Server_is_kept_without_credentials() =>
        Assert.Equal(
            "https://pacs.example.org/x",
            new DicomWebOptions { BaseUrl = new Uri("https://user:secret@pacs.example.org/x") }.Server.Address.AbsoluteUri);

    [Theory]
    [InlineData("https://us-central1-healthcare.googleapis.com/v1", "googleapis.com")]
    [InlineData("http://[::1]:9000", "localhost")]
    [InlineData("https://user:secret@PACS.example.org/dicom-web/", "pacs.example.org/dicom-web")]
    [InlineData("http://pacs.example.org:8042", "pacs.example.org:8042")]
    public void ShortName_is_what_earlier_builds_kept(string url, string name) =>
        Assert.Equal(name, new DicomServer(new Uri(url), IsRoot: true).ShortName);
}
