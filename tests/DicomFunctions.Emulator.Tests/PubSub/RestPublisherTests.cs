using DicomFunctions.Emulator.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Emulator.Tests.PubSub;

/// <summary>Publishing to the Pub/Sub of another process: here, of a second emulator.</summary>
public sealed class RestPublisherTests
{
    [Fact]
    public async Task STOW_with_a_Pub_Sub_emulator_notifies_it()
    {
        await using var pubSub = await DicomStoreEmulator.StartAsync(new EmulatorOptions { PubSubEmulatorHost = "" });
        await using var emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions
        {
            PubSubEmulatorHost = pubSub.BaseAddress.Authority,
            Topic = "projects/other/topics/{dataset}-{store}",
            Subscription = "projects/other/subscriptions/{store}",
        });
        using var store = new StoreClient(emulator.BaseAddress, EmulatorTest.StorePath);
        using var client = new PubSubClient(pubSub.BaseAddress);

        await store.AddAsync([.. Enumerable.Range(1, 150).Select(number => SomeDicom.Instance(number))]);

        await Eventually.HoldsAsync(() => emulator.Statistics.Notifications == 150, "150 notifications are published");
        Assert.Equal(150, (await client.PullAsync("projects/other/subscriptions/s")).Count);
        using var topic = await client.SendAsync(HttpMethod.Get, "projects/other/topics/d-s");
        Assert.Equal(200, (int)topic.StatusCode);
    }

    [Fact]
    public async Task STOW_while_Pub_Sub_is_down_succeeds_and_notifies_once_it_is_back()
    {
        var early = await DicomStoreEmulator.StartAsync(new EmulatorOptions { PubSubEmulatorHost = "" });
        var address = early.BaseAddress;
        await early.DisposeAsync();
        await using var emulator = await DicomStoreEmulator.StartAsync(new EmulatorOptions { PubSubEmulatorHost = address.Authority });
        using var store = new StoreClient(emulator.BaseAddress, EmulatorTest.StorePath);

        await store.AddAsync(SomeDicom.Instance(1), SomeDicom.Instance(2));
        Assert.Equal(0, emulator.Statistics.Notifications);

        var options = new EmulatorOptions { Url = address.ToString(), PubSubEmulatorHost = "" };
        await using var late = await DicomStoreEmulator.StartAsync(options);
        using var client = new PubSubClient(address);
        await Eventually.HoldsAsync(() => emulator.Statistics.Notifications == 2, "both notifications are published");
        Assert.Equal(2, (await client.PullAsync("projects/p/subscriptions/s")).Count);
    }
}
