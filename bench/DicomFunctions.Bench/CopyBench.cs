namespace DicomFunctions.Bench;

/// <summary>Processor time of copying instances from store to store, compared with a loop that gets each and posts it.</summary>
internal static class CopyBench
{
    public static async Task RunAsync(Sides sides, bool isQuick)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"| CPU time an instance copied, {Sides.DefaultWorkers} workers | floor, µs | job, µs | job/floor | range "
            + "| with the emulator's |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var (kilobytes, count) in ((int, int)[])[(64, 1_000), (512, 400), (8_192, 40)])
        {
            const int PerSeries = 20;
            var store = $"copy-{kilobytes}";
            Load.WriteFiles(sides.DropFolder, count, kilobytes << 10, PerSeries);
            await sides.FillAsync(store, count);
            await Comparison.RepeatAsync(isQuick ? 1 : 4, RunAsync);
            var runs = await Comparison.RepeatAsync(isQuick ? 3 : 9, RunAsync);
            var ratios = runs.Select(run => run.Job.Client / run.Floor.Client).ToArray();
            Console.WriteLine(
                $"| {kilobytes:N0} KB | {runs.Select(run => run.Floor.Client / count * 1e6).Median():N0} "
                + $"| {runs.Select(run => run.Job.Client / count * 1e6).Median():N0} | {ratios.Median():F2} | {ratios.Range("F2")} "
                + $"| {runs.Select(run => (run.Job.Client + run.Job.Store) / (run.Floor.Client + run.Floor.Store)).Median():F2} |");

            Task<Comparison> RunAsync() => sides.CopyAsync(store, count, PerSeries, Sides.DefaultWorkers);
        }
    }
}
