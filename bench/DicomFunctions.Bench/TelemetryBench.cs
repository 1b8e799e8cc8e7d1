namespace DicomFunctions.Bench;

/// <summary>
/// What telemetry costs: the same jobs by one host without an exporter, and by one that sends traces, metrics (every second) and logs to a
/// collector. With <c>BASELINE</c>, the path of another build's <c>dicomfn</c>, both are compared with that too.
/// </summary>
internal static class TelemetryBench
{
    private const int Searches = 20_000;
    private const int WarmUps = 6;
    private const string Store = "telemetry";

    public static async Task RunAsync(string folder, bool isQuick)
    {
        await using var store = await StoreProcess.StartAsync();
        await store.AnswerAsync(Store, rows: 1, Sides.RowBytes);
        await using var sink = await TelemetrySink.StartAsync();
        await using var off = await StartAsync("off");
        await using var on = await StartAsync("on", new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
        });
        var other = Environment.GetEnvironmentVariable("BASELINE");
        await using var baseline = other is null ? null : await StartAsync("base", program: other);
        var hosts = new[] { baseline, off, on }.OfType<HostProcess>().ToArray();
        var costs = hosts.Select(_ => new List<double>()).ToArray();
        var rounds = isQuick ? 2 : 15;
        for (var round = -(isQuick ? 1 : WarmUps); round < rounds; round++)
        {
            // Each is first in its turn: the machine may be busier at one time than at another.
            for (var turn = 0; turn < hosts.Length; turn++)
            {
                var which = (turn + round + WarmUps) % hosts.Length;
                var cost = await RunAsync(hosts[which]);
                if (round >= 0)
                    costs[which].Add(cost);
            }
        }

        Console.WriteLine();
        Console.WriteLine($"| CPU time a search, {rounds} jobs of {Searches:N0} each | µs | to the first | range |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (name, cost) in ((string[])["another build", "no exporter", "OTLP"])[^hosts.Length..].Zip(costs))
        {
            var ratios = cost.Zip(costs[0], (own, first) => own / first).ToArray();
            Console.WriteLine($"| {name} | {cost.Median():F1} | {ratios.Median():F3} | {ratios.Range("F2")} |");
        }

        Console.WriteLine($"The collector received {sink.Bytes:N0} bytes.");

        Task<HostProcess> StartAsync(string name, Dictionary<string, string>? settings = null, string? program = null) =>
            HostProcess.StartAsync(store.Root, Path.Combine(folder, name), Sides.DefaultWorkers, program, settings);

        async Task<double> RunAsync(HostProcess host)
        {
            var before = host.ProcessorSeconds;
            await host.RunAsync("search", Load.SearchJob(Store, Searches, isLookup: true, Sides.DefaultWorkers), Searches);
            var cost = (host.ProcessorSeconds - before) / Searches * 1e6;
            await host.DeleteLastAsync();
            return cost;
        }
    }
}
