namespace DicomFunctions.Bench;

/// <summary>The first searches of a fresh process: as published, compiled ahead of time, and as built.</summary>
internal static class FirstBench
{
    private const int Searches = 20_000;
    private const string Store = "first";

    public static async Task RunAsync(bool isQuick)
    {
        var published = Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "../../../../../artifacts/dicomfn", Path.GetFileName(ChildProcess.DicomFn)));
        await using var store = await StoreProcess.StartAsync();
        await store.AnswerAsync(Store, 1, Sides.RowBytes);
        var body = Load.SearchJob(Store, Searches, isLookup: true, Sides.DefaultWorkers);
        List<(double Seconds, double Processor)> built = [], ahead = [];
        // The first run of each fills the system's caches and warms up the emulator.
        for (var run = 0; run <= (isQuick ? 2 : 5); run++)
        {
            built.Add(await MeasureAsync(store.Root, body, ChildProcess.DicomFn));
            ahead.Add(await MeasureAsync(store.Root, body, published));
        }

        Console.WriteLine();
        Console.WriteLine($"| the first {Searches:N0} searches of a process | built | published | built/published | range |");
        Console.WriteLine("|---|---|---|---|---|");
        Print("seconds", run => run.Seconds);
        Print("CPU seconds, the start included", run => run.Processor);

        void Print(string name, Func<(double Seconds, double Processor), double> of)
        {
            var ratios = built.Skip(1).Zip(ahead.Skip(1), (one, other) => of(one) / of(other)).ToArray();
            Console.WriteLine(
                $"| {name} | {built.Skip(1).Select(of).Median():F2} | {ahead.Skip(1).Select(of).Median():F2} | {ratios.Median():F2} | "
                + $"{ratios.Range("F2")} |");
        }
    }

    private static async Task<(double Seconds, double Processor)> MeasureAsync(string root, byte[] body, string program)
    {
        var folder = Directory.CreateTempSubdirectory("dicomfn-bench-");
        try
        {
            await using var host = await HostProcess.StartAsync(root, folder.FullName, Sides.DefaultWorkers, program);
            var seconds = await host.RunAsync("search", body, Searches);
            return (seconds, host.ProcessorSeconds);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
