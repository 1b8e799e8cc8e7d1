using System.Text.Json;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.PubSub;

/// <summary>Google's own Pub/Sub emulator, and hosts that are killed.</summary>
public sealed class PubSubEmulatorTests
{
    // What the emulator calls the topic and the subscription of this store.
    private const string Topic = "projects/p/topics/images";
    private const string Subscription = "projects/p/subscriptions/images";
    private const string Store = "projects/p/locations/l/datasets/d/dicomStores/images";

    [PubSubFact]
    public async Task FiveThousandMessages_WithTheHostKilledAtRandom_AllHaveRecords()
    {
        const int Messages = 5_000;
        await using var pubSub = await PubSubServer.StartAsync();
        await pubSub.CreateAsync(Topic, Subscription);
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetSyntheticAsync(Store, rows: 1, rowBytes: 400);
        foreach (var chunk in Enumerable.Range(0, Messages).Chunk(1_000))
            await pubSub.PublishAsync(Topic, chunk.Select(i => $"{Store}/dicomWeb/studies/1.2/series/1.2.{i % 100}/instances/1.2.3.{i}"));

        using var folder = new TempFolder();
        await KillAtRandomAsync(folder.Path, emulator, pubSub, kills: 5);
        await using var serve = await StartAsync(folder.Path, emulator, pubSub);
        HashSet<string> seen = [];
        await Eventually.HoldsAsync(
            async () => (seen = await InstancesAsync(serve)).Count == Messages, $"{Messages} messages have records", TimeSpan.FromMinutes(2));
    }

    [PubSubFact]
    public async Task TheWholeLoop_WithTheHostKilledAtRandom_LosesNothing()
    {
        const int Files = 500;
        await using var pubSub = await PubSubServer.StartAsync();
        await using var emulator = await EmulatorProcess.StartAsync("--pubsub-emulator", pubSub.Address, "--store", Store);
        using var folder = new TempFolder();
        var incoming = Directory.CreateDirectory(folder.Combine("drop", "incoming")).FullName;
        var stored = Enumerable.Range(0, Files).Select(i => $"2.25.5.{i}").ToHashSet();
        foreach (var (uid, i) in stored.Select((uid, i) => (uid, i)))
            await File.WriteAllBytesAsync(Path.Combine(incoming, $"{i:D3}.dcm"), Some.DicomFile("2.25.5", $"2.25.5.{i % 10}.0", uid));

        await KillAtRandomAsync(folder.Path, emulator, pubSub, kills: 4);
        await using var serve = await StartAsync(folder.Path, emulator, pubSub);

        HashSet<string> found = [];
        var isWhole = await Eventually.ComesAsync(async () => stored.SetEquals(found = await InstancesAsync(serve)), TimeSpan.FromMinutes(2));
        Assert.True(isWhole, $"{found.Count} of {Files} found, {(await emulator.InstancesAsync(Store)).Count} stored.\n{serve.Process.Error}");
        Assert.Equal(Files, (await emulator.InstancesAsync(Store)).Count);
        Assert.Empty(Directory.EnumerateFiles(incoming, "*", SearchOption.AllDirectories));
    }

    private static Task<ServeProcess> StartAsync(string data, EmulatorProcess emulator, PubSubServer pubSub) =>
        ServeProcess.StartAsync(data, Faulty.Client, Arguments(emulator, pubSub));

    private static string[] Arguments(EmulatorProcess emulator, PubSubServer pubSub) =>
    [
        "--base-url", emulator.Url, "--store", Store, "--subscription", Subscription, "--pubsub-url", $"http://{pubSub.Address}",
    ];

    /// <summary>Starts hosts one after the other and kills each a little later than the one before.</summary>
    private static async Task KillAtRandomAsync(string data, EmulatorProcess emulator, PubSubServer pubSub, int kills)
    {
        var random = new Random(4);
        for (var i = 0; i < kills; i++)
        {
            await using var serve = await StartAsync(data, emulator, pubSub);
            await Task.Delay(random.Next(50, 900));
            await serve.Process.KillAsync();
        }
    }

    /// <summary>The instances that notifications have led to.</summary>
    private static async Task<HashSet<string>> InstancesAsync(ServeProcess serve)
    {
        HashSet<string> instances = [];
        var next = "/api/jobs?limit=100";
        while (next is not null)
        {
            using var page = JsonDocument.Parse(await serve.Http.GetStringAsync(next));
            foreach (var job in page.RootElement.GetProperty("jobs").EnumerateArray().Where(job => job.GetProperty("kind").GetString() == "notifications"))
            {
                foreach (var record in await serve.RecordsAsync(job.GetProperty("id").GetString()!))
                {
                    Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText());
                    if (record.GetProperty("result").GetArrayLength() == 1)
                        instances.Add(record.GetProperty("input").GetProperty("params").GetProperty("SOPInstanceUID").GetString()!);
                }
            }

            next = page.RootElement.TryGetProperty("next", out var url) ? url.GetString() : null;
        }

        return instances;
    }
}
