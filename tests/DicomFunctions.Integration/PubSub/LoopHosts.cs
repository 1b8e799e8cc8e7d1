using System.Text.Json;
using DicomFunctions.Integration.Peers;
using DicomFunctions.Process.Tests.Support;

namespace DicomFunctions.Integration.PubSub;

/// <summary><c>dicomfn serve</c> between an emulated DICOM store and Google's Pub/Sub emulator.</summary>
internal sealed class LoopHosts(EmulatorProcess emulator, PubSubServer pubSub, string data)
{
    // What the emulator calls the topic and the subscription of this store.
    public const string Topic = "projects/p/topics/images";
    public const string Subscription = "projects/p/subscriptions/images";
    public const string Store = "projects/p/locations/l/datasets/d/dicomStores/images";

    public Task<ServeProcess> StartAsync() => ServeProcess.StartAsync(
        data,
        Faulty.Client,
        "--base-url", emulator.Url, "--store", Store, "--subscription", Subscription, "--pubsub-url", $"http://{pubSub.Address}");

    /// <summary>Starts hosts one after the other and kills each a little later than the one before.</summary>
    public async Task KillAtRandomAsync(int kills)
    {
        var random = new Random(4);
        for (var i = 0; i < kills; i++)
        {
            await using var serve = await StartAsync();
            await Task.Delay(random.Next(50, 900));
            await serve.Process.KillAsync();
        }
    }

    /// <summary>The records of all jobs of a kind; none of them may be a failure.</summary>
    public static async Task<List<JsonElement>> RecordsAsync(ServeProcess serve, string kind)
    {
        List<JsonElement> records = [];
        for (var next = "/api/jobs?limit=100"; next is not null;)
        {
            using var page = JsonDocument.Parse(await serve.Http.GetStringAsync(next));
            foreach (var job
                in page.RootElement.GetProperty("jobs").EnumerateArray().Where(job => job.GetProperty("kind").GetString() == kind))
            {
                records.AddRange(await serve.RecordsAsync(job.GetProperty("id").GetString()!));
            }

            next = page.RootElement.TryGetProperty("next", out var url) ? url.GetString() : null;
        }

        Assert.All(records, record => Assert.True(record.GetProperty("success").GetBoolean(), record.GetRawText()));
        return records;
    }

    /// <summary>The instances that notifications have led to.</summary>
    public static async Task<HashSet<string>> InstancesAsync(ServeProcess serve) =>
        [
            .. (await RecordsAsync(serve, "notifications"))
                .Where(record => record.GetProperty("result").GetArrayLength() == 1)
                .Select(Instance),
        ];

    /// <summary>The instance that a notification's record is about.</summary>
    public static string Instance(JsonElement record) =>
        record.GetProperty("input").GetProperty("params").GetProperty("SOPInstanceUID").GetString()!;
}
