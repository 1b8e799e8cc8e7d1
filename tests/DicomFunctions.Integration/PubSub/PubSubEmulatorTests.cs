using DicomFunctions.Integration.Peers;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.PubSub;

/// <summary>Google's own Pub/Sub emulator, and hosts that are killed.</summary>
public sealed class PubSubEmulatorTests
{
    [PubSubFact]
    public async Task Five_thousand_messages_with_the_host_killed_at_random_all_have_records()
    {
        const int Messages = 5_000;
        await using var pubSub = await PubSubServer.StartAsync();
        await pubSub.CreateAsync(LoopHosts.Topic, LoopHosts.Subscription);
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetSyntheticAsync(LoopHosts.Store, rows: 1, rowBytes: 400);
        foreach (var chunk in Enumerable.Range(0, Messages).Chunk(1_000))
        {
            await pubSub.PublishAsync(
                LoopHosts.Topic, chunk.Select(i => $"{LoopHosts.Store}/dicomWeb/studies/1.2/series/1.2.{i % 100}/instances/1.2.3.{i}"));
        }

        using var folder = new TempFolder();
        var hosts = new LoopHosts(emulator, pubSub, folder.Path);
        await hosts.KillAtRandomAsync(kills: 5);
        await using var serve = await hosts.StartAsync();
        await Eventually.HoldsAsync(
            async () => (await LoopHosts.InstancesAsync(serve)).Count
                == Messages, $"{Messages} messages have records", TimeSpan.FromMinutes(2));
    }
}
