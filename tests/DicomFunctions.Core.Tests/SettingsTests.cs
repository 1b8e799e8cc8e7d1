using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Http;
using DicomFunctions.Core.Notifications;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests;

public sealed class SettingsTests
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    [Theory]
    [InlineData("ct/head")]
    [InlineData("..")]
    [InlineData("back\\slash")]
    public void AnAliasThatIsNoFoldersName_IsRefused(string alias) =>
        AssertRefused<DropOptions>($"{DropOptions.SectionName}:Aliases:{alias}", Store, "Aliases");

    [Theory]
    [InlineData("7")]
    [InlineData("-1")]
    public void ACollapseThatThereIsNot_IsRefused(string value) =>
        AssertRefused<NotificationOptions>($"{NotificationOptions.SectionName}:Collapse", value, "Collapse");

    [Fact]
    public void CertificatesFromNoWebServer_AreRefused() =>
        AssertRefused<PushOptions>($"{PushOptions.SectionName}:CertificatesUrl", "ftp://example.org/keys", "CertificatesUrl");

    [Theory]
    [InlineData(false, "DicomFunctions__Drop__Aliases__ct", "DicomFunctions__Drop__Aliases__CT")]
    [InlineData(false, "DicomFunctions__Drop__Archive", "DICOMFUNCTIONS__Drop__Archive")]
    [InlineData(true, "DicomFunctions__Drop__Aliases__ct", "DicomFunctions__Drop__Aliases__mr", "path", "PATH")]
    public void TwoVariablesThatDifferInCaseOnly_AreFound(bool isFine, params string[] names) =>
        Assert.Equal(isFine, KnownSections.HasNoTwins(names));

    private static void AssertRefused<TOptions>(string key, string value, string named)
        where TOptions : class
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddDicomFunctions().BuildServiceProvider();
        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<TOptions>>().Value);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }
}
