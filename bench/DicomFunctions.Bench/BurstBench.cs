using System.Globalization;
using System.Net.Http.Json;
using System.Text;

namespace DicomFunctions.Bench;

/// <summary>
/// How fast a burst of notifications is worked, at 50 ms an answer: from the first pull to the end of the last job. Each message names an
/// instance of another series, so that no two share a search.
/// </summary>
internal static class BurstBench
{
    private const int LatencyMs = 50;
    private const int PerPublish = 1_000;
    private const string Project = "projects/bench/";

    public static async Task RunAsync(Func<Func<string, Task>, Task> inFolderAsync, bool isQuick)
    {
        var messages = isQuick ? 2_000 : 10_000;
        Console.WriteLine();
        Console.WriteLine($"| {messages:N0} notifications at {LatencyMs} ms | seconds | a second | of what the workers allow |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var workers in (int?[])[null, 20, 50])
            await inFolderAsync(folder => RunAsync(folder, messages, workers));
    }

    private static async Task RunAsync(string folder, int messages, int? workers)
    {
        await using var store = await StoreProcess.StartAsync();
        await store.AnswerAsync("burst", rows: 1, rowBytes: 1_000, LatencyMs);
        await PublishAsync(store, messages);
        var settings = new Dictionary<string, string>
        {
            ["DicomFunctions__Notifications__Subscription"] = Project + "subscriptions/burst",
            ["DicomFunctions__Notifications__BaseUrl"] = new Uri(new Uri(store.Root), "/").AbsoluteUri,
        };
        if (workers is { } own)
            settings["DicomFunctions__Notifications__MaxWorkers"] = own.ToString(CultureInfo.InvariantCulture);
        await using var host = await HostProcess.StartAsync(store.Root, folder, Sides.DefaultWorkers, settings: settings);

        var seconds = await host.NotificationsAsync(messages);

        // Twice the workers of one job run at once.
        var most = 2 * (workers ?? Sides.DefaultWorkers) * 1_000.0 / LatencyMs;
        Console.WriteLine(
            $"| {(workers is null ? $"as for jobs: {Sides.DefaultWorkers} workers" : $"{workers} workers")} | {seconds:F1} "
            + $"| {messages / seconds:N0} | {messages / seconds / most:F2} |");
    }

    private static async Task PublishAsync(StoreProcess store, int messages)
    {
        using var client = new HttpClient { BaseAddress = new Uri(store.Root) };
        await PutAsync("topics/burst", new { });
        await PutAsync("subscriptions/burst", new { topic = Project + "topics/burst", ackDeadlineSeconds = 60 });
        foreach (var numbers in Enumerable.Range(0, messages).Chunk(PerPublish))
        {
            var data = numbers.Select(number => new { data = Convert.ToBase64String(Encoding.UTF8.GetBytes(Path(number))) });
            using var answer = await client.PostAsJsonAsync(
                new Uri(Project + "topics/burst:publish", UriKind.Relative), new { messages = data });
            answer.EnsureSuccessStatusCode();
        }

        async Task PutAsync(string name, object value)
        {
            using var answer = await client.PutAsJsonAsync(new Uri(Project + name, UriKind.Relative), value);
            answer.EnsureSuccessStatusCode();
        }

        static string Path(int number) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Load.Path("burst")}/dicomWeb/studies/1.2.{number}/series/1.2.{number}.1/instances/1.2.{number}.1.1");
    }
}
