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
}
