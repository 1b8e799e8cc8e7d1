using System.Runtime.InteropServices;

namespace DicomFunctions.Bench;

/// <summary>Runs the sections asked for and prints their tables.</summary>
internal sealed class Bench(bool isQuick)
{
    private const int MaxWorkers = 80;
    private const int DefaultWorkers = 5;
    private const string OneRow = "rows-1";
    private const int FileBytes = 10_000;

    private static readonly int[] WorkerCounts = [1, 5, 20, MaxWorkers];

    public static readonly string[] Sections = ["rate", "cpu", "length", "scanner"];

    public async Task RunAsync(IReadOnlyCollection<string> sections)
    {
        Console.WriteLine($"{DateTime.UtcNow:u}  {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors");
        if (sections.Contains("scanner"))
            ScannerBench.Run(isQuick);
        if (!sections.Except(["scanner"]).Any())
            return;

        var folder = Directory.CreateTempSubdirectory("dicomfn-bench-");
        try
        {
            await using var store = await StoreProcess.StartAsync();
            await store.AnswerAsync(OneRow, 1, 1000);
            if (sections.Contains("rate"))
                await RatesAsync(store, folder.CreateSubdirectory("rate").FullName);
            if (sections.Contains("cpu"))
                await ProcessorAsync(store, folder.CreateSubdirectory("cpu").FullName);
            if (sections.Contains("length"))
                await LengthAsync(store, folder.CreateSubdirectory("length").FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task RatesAsync(StoreProcess store, string folder)
    {
        var (searches, files, rounds) = isQuick ? (2_000, 400, 1) : (4_000, 1_000, 3);
        var drop = Path.Combine(folder, "drop", "bench");
        Load.WriteFiles(drop, files, FileBytes);
        await using var host = await HostProcess.StartAsync(store, folder, MaxWorkers);
        await using var floor = new FloorProcess(store);
        var uploads = 0;

        Console.WriteLine();
        Console.WriteLine($"| requests a second, 1,000-byte answers | workers | floor | job | job/floor |");
        Console.WriteLine("|---|---|---|---|---|");
        await SearchAsync(DefaultWorkers, searches);
        foreach (var workers in WorkerCounts)
            Print("searches", workers, await CompareAsync(rounds, () => SearchAsync(workers, searches)), searches);
        await UploadAsync(DefaultWorkers);
        foreach (var workers in WorkerCounts)
            Print("uploads of 10 KB", workers, await CompareAsync(rounds, () => UploadAsync(workers)), files);

        async Task<(Measurement, Measurement)> SearchAsync(int workers, int count) => (
            await Measurement.TakeAsync(() => floor.ProcessorSeconds, store, () => floor.SearchAsync(OneRow, count, isLookup: true, workers)),
            await Measurement.TakeAsync(
                () => host.ProcessorSeconds, store, () => host.RunAsync("search", Load.SearchJob(OneRow, count, isLookup: true, workers), count)));

        // Each into a store of its own: the same files are new there.
        async Task<(Measurement, Measurement)> UploadAsync(int workers) => (
            await Measurement.TakeAsync(() => floor.ProcessorSeconds, store, () => floor.UploadAsync($"up-{++uploads}", drop, files, workers)),
            await Measurement.TakeAsync(
                () => host.ProcessorSeconds, store, () => host.RunAsync("upload", Load.UploadJob($"up-{++uploads}", files, workers), files)));

        static void Print(string what, int workers, List<(Measurement Floor, Measurement Job)> runs, int count) => Console.WriteLine(
            $"| {what} | {workers} | {count / runs.Select(run => run.Floor.Wall).Median():N0} | {count / runs.Select(run => run.Job.Wall).Median():N0} "
            + $"| {runs.Select(run => run.Floor.Wall / run.Job.Wall).Median():F2} |");
    }

    private async Task ProcessorAsync(StoreProcess store, string folder)
    {
        Console.WriteLine();
        Console.WriteLine("| CPU time a request, 5 workers | floor, µs | job, µs | job/floor | range | with the emulator's |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (rows, count) in isQuick ? [(1, 4_000), (500, 200)] : ((int, int)[])[(1, 10_000), (500, 400), (5_000, 40)])
        {
            var name = $"rows-{rows}";
            await store.AnswerAsync(name, rows, 1000);
            await using var host = await HostProcess.StartAsync(store, Path.Combine(folder, name), DefaultWorkers);
            await using var floor = new FloorProcess(store);
            await RunAsync();
            await RunAsync();
            var runs = await CompareAsync(isQuick ? 3 : 7, RunAsync);
            var ratios = runs.Select(run => run.Job.Client / run.Floor.Client).ToArray();
            Console.WriteLine(
                $"| {rows:N0} × 1,000 bytes | {runs.Select(run => run.Floor.Client / count * 1e6).Median():N0} "
                + $"| {runs.Select(run => run.Job.Client / count * 1e6).Median():N0} | {ratios.Median():F2} | {ratios.Range("F2")} "
                + $"| {runs.Select(run => (run.Job.Client + run.Job.Store) / (run.Floor.Client + run.Floor.Store)).Median():F2} |");

            async Task<(Measurement, Measurement)> RunAsync() => (
                await Measurement.TakeAsync(
                    () => floor.ProcessorSeconds, store, () => floor.SearchAsync(name, count, isLookup: rows == 1, DefaultWorkers)),
                await Measurement.TakeAsync(
                    () => host.ProcessorSeconds,
                    store,
                    () => host.RunAsync("search", Load.SearchJob(name, count, isLookup: rows == 1, DefaultWorkers), count)));
        }
    }

    private async Task LengthAsync(StoreProcess store, string folder)
    {
        const int Short = 1_000;
        var longCount = isQuick ? 20_000 : 100_000;
        await using var host = await HostProcess.StartAsync(store, folder, DefaultWorkers);
        await RunAsync(longCount / 5);
        var shorts = await ShortsAsync();
        var @long = await RunAsync(longCount);
        shorts = [.. shorts, .. await ShortsAsync()];

        Console.WriteLine();
        Console.WriteLine("| per input | CPU, µs | wall, µs |");
        Console.WriteLine("|---|---|---|");
        var (cpu, wall) = (shorts.Sum(run => run.Client) / shorts.Count / Short, shorts.Sum(run => run.Wall) / shorts.Count / Short);
        Console.WriteLine($"| jobs of {Short:N0} | {cpu * 1e6:N0} | {wall * 1e6:N0} |");
        Console.WriteLine($"| a job of {longCount:N0} | {@long.Client / longCount * 1e6:N0} | {@long.Wall / longCount * 1e6:N0} |");
        Console.WriteLine($"| long/short | {@long.Client / longCount / cpu:F2} | {@long.Wall / longCount / wall:F2} |");

        Task<Measurement> RunAsync(int count)
        {
            var body = Load.SearchJob(OneRow, count, isLookup: true, DefaultWorkers);
            return Measurement.TakeAsync(() => host.ProcessorSeconds, store, () => host.RunAsync("search", body, count));
        }

        async Task<List<Measurement>> ShortsAsync()
        {
            List<Measurement> runs = [];
            for (var run = 0; run < 10; run++)
                runs.Add(await RunAsync(Short));
            return runs;
        }
    }

    private static async Task<List<(Measurement Floor, Measurement Job)>> CompareAsync(
        int rounds, Func<Task<(Measurement Floor, Measurement Job)>> run)
    {
        List<(Measurement, Measurement)> runs = [];
        for (var round = 0; round < rounds; round++)
            runs.Add(await run());
        return runs;
    }
}
