using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Statistics;
using DicomFunctions.Emulator.Storage;
using DicomFunctions.Emulator.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Emulator.Tests.Http;

/// <summary>Ids of datasets and stores have letters and digits of any script.</summary>
public sealed class IdTests : IDisposable
{
    private readonly TempFolder _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string> Ids() => new(
        "städtisches-klinikum", "数据集", "بيانات", "กขค", "ⅷ٣²", "a.b_c-d", "𐐷𝟘", new string('s', 256), new string('字', 256));

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task An_id_of_any_script_is_served_percent_encoded_and_survives_a_restart(string id)
    {
        var name = $"projects/example.com:p-1/locations/europe-west4/datasets/{id}/dicomStores/{id}";
        var escaped = Uri.EscapeDataString(id);
        var encoded = $"projects/example.com:p-1/locations/europe-west4/datasets/{escaped}/dicomStores/{escaped}";
        var options = new EmulatorOptions
        {
            Directory = _directory.Path,
            PubSubEmulatorHost = "",
            Topic = "projects/p/topics/t",
            Subscription = null,
        };
        await using (var emulator = await DicomStoreEmulator.StartAsync(options))
        {
            using var store = new StoreClient(emulator.BaseAddress, encoded);
            using var response = await store.StowAsync(SomeDicom.Instance());
            Assert.Equal(200, (int)response.StatusCode);
            var url = (await response.JsonAsync()).First(Tags.RetrieveUrl)!;
            Assert.StartsWith($"{emulator.BaseAddress}v1/{encoded}/dicomWeb/studies/", url, StringComparison.Ordinal);
            using var retrieved = await store.Http.GetAsync(new Uri(url));
            Assert.Equal(200, (int)retrieved.StatusCode);
        }

        await using (var emulator = await DicomStoreEmulator.StartAsync(options))
        {
            using var store = new StoreClient(emulator.BaseAddress, encoded);
            Assert.Single(await store.SearchAsync("instances"));
            Assert.Equal(1, emulator.Statistics.ForStore(name)[RequestKind.Search].Count);
        }
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a+b")]
    [InlineData("a:b")]
    [InlineData("a/b")]
    [InlineData("a\0b")]
    [InlineData("e\u0301")] // A combining mark is neither a letter nor a digit.
    [InlineData("\uD800")]
    public void An_id_outside_the_grammar_is_refused(string id) => Assert.False(StoreName.IsId(id));

    [Fact]
    public void An_id_has_at_most_256_characters_not_halves_of_them()
    {
        Assert.True(StoreName.IsId(string.Concat(Enumerable.Repeat("𐐷", 256))));
        Assert.False(StoreName.IsId(new string('字', 257)));
    }

    [Theory]
    [InlineData("projects/Zürich/locations/l/datasets/d/dicomStores/s")]
    [InlineData("projects/a:b:c/locations/l/datasets/d/dicomStores/s")]
    [InlineData("projects/p/locations/l.x/datasets/d/dicomStores/s")]
    [InlineData("projects/p/locations/ö/datasets/d/dicomStores/s")]
    public void Projects_and_locations_are_ASCII(string name) => Assert.False(StoreName.TryParse(name, out _));

    [Fact]
    public async Task A_store_of_another_script_has_a_topic_and_a_subscription_with_valid_names()
    {
        await using var elsewhere = await DicomStoreEmulator.StartAsync(new EmulatorOptions { PubSubEmulatorHost = "" });
        foreach (var host in new[] { "", elsewhere.BaseAddress.Authority })
        {
            await using var emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions { PubSubEmulatorHost = host });
            using var store = new StoreClient(emulator.BaseAddress, "projects/p/locations/l/datasets/d/dicomStores/%E6%95%B0");
            using var pubSub = new PubSubClient(host.Length == 0 ? emulator.BaseAddress : elsewhere.BaseAddress);

            await store.AddAsync(SomeDicom.Instance());
            await Eventually.HoldsAsync(() => emulator.Statistics.Notifications == 1, "the notification is published");

            var message = Assert.Single(await pubSub.PullAsync("projects/p/subscriptions/%25E6%2595%25B0"))!["message"]!;
            var data = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)message["data"]!));
            Assert.StartsWith("projects/p/locations/l/datasets/d/dicomStores/数/dicomWeb/studies/", data, StringComparison.Ordinal);
        }
    }
}
