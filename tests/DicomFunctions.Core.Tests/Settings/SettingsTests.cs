using DicomFunctions.Core.Api;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.Settings;

public sealed class SettingsTests
{
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/s";

    [Theory]
    [InlineData("ct/head")]
    [InlineData("..")]
    [InlineData("back\\slash")]
    public void An_alias_that_is_no_folders_name_is_refused(string alias) =>
        AssertRefused<DropOptions>($"{DropOptions.SectionName}:Aliases:{alias}", Store, "Aliases");

    [Theory]
    [InlineData("Destination", "projects/p/locations/l/datasets/d d/dicomStores/s", "Drop:Destination: The dataset must be")]
    [InlineData("Destination", "projects/p/locations/é/datasets/d/dicomStores/s", "Drop:Destination: The location must be")]
    [InlineData("Destination", "", "Drop:Destination: The path of a store must be")]
    [InlineData("Aliases:ct", "projects/p/locations/l/datasets/d/dicomStores/..", "Drop:Aliases:ct: The store must be")]
    public void A_destination_that_is_no_store_is_named_with_the_part_that_is_wrong(string key, string store, string named) =>
        AssertRefused<DropOptions>($"{DropOptions.SectionName}:{key}", store, named);

    [Theory]
    [InlineData("projects/p/subscriptions/S", "Notifications:Subscription: The subscription must be")]
    [InlineData("projects/é/subscriptions/sub", "Notifications:Subscription: The project must be")]
    [InlineData("projects/p/topics/topic", "Notifications:Subscription: The path of a subscription is")]
    public void A_subscription_that_is_none_is_named_with_the_part_that_is_wrong(string path, string named) =>
        AssertRefused<NotificationOptions>($"{NotificationOptions.SectionName}:Subscription", path, named);

    [Theory]
    [InlineData("projects/p/locations/l/datasets/d")]
    [InlineData("")]
    public void An_allowed_store_that_is_none_is_refused(string store) =>
        AssertRefused<DicomWebOptions>($"{DicomWebOptions.SectionName}:AllowedStores:0", store, "AllowedStores");

    [Fact]
    public void Stores_in_other_scripts_are_taken()
    {
        const string Path = "projects/p/locations/l/datasets/données/dicomStores/画像";
        using var services = Services(
            new($"{DropOptions.SectionName}:Destination", Path),
            new($"{DropOptions.SectionName}:Aliases:ct", Path),
            new($"{DicomWebOptions.SectionName}:AllowedStores:0", Path));
        Assert.Equal(Path, services.GetRequiredService<IOptions<DropOptions>>().Value.Destination);
        Assert.True(DicomStorePath.TryParse(Path, out var store));
        Assert.True(services.GetRequiredService<StoreAllowList>().Allows(store));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("-1")]
    public void A_collapse_that_there_is_not_is_refused(string value) =>
        AssertRefused<NotificationOptions>($"{NotificationOptions.SectionName}:Collapse", value, "Collapse");

    [Fact]
    public void Certificates_from_no_web_server_are_refused() =>
        AssertRefused<PushOptions>($"{PushOptions.SectionName}:CertificatesUrl", "ftp://example.org/keys", "CertificatesUrl");

    [Theory]
    [InlineData(false, "DicomFunctions__Drop__Aliases__ct", "DicomFunctions__Drop__Aliases__CT")]
    [InlineData(false, "DicomFunctions__Drop__Archive", "DICOMFUNCTIONS__Drop__Archive")]
    [InlineData(true, "DicomFunctions__Drop__Aliases__ct", "DicomFunctions__Drop__Aliases__mr", "path", "PATH")]
    public void Two_variables_that_differ_in_case_only_are_found(bool isFine, params string[] names) =>
        Assert.Equal(isFine, KnownSections.HasNoTwins(names));

    private static void AssertRefused<TOptions>(string key, string value, string named)
        where TOptions : class
    {
        using var services = Services(new KeyValuePair<string, string?>(key, value));
        var exception = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<TOptions>>().Value);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(params KeyValuePair<string, string?>[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
        .AddLogging()
        .AddDicomFunctions()
        .BuildServiceProvider();
}
