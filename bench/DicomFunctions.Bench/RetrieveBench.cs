namespace DicomFunctions.Bench;

/// <summary>
/// Processor time of retrieving instances, compared with the floor's, and with the simplest program that keeps them as files.
/// </summary>
internal static class RetrieveBench
{
    private const int PerSeries = 20;

    public static async Task RunAsync(Sides sides, bool isQuick)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"| CPU time an instance, {Sides.DefaultWorkers} workers | floor, µs | job, µs | job/floor | range | with the emulator's | "
            + "keeping, µs | job/keeping | range |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var (kilobytes, count) in ((int, int)[])[(64, 1_000), (512, 400)])
        {
            var store = $"retrieve-{kilobytes}";
            Load.WriteFiles(sides.DropFolder, count, kilobytes << 10, PerSeries);
            await sides.FillAsync(store, count);
            await Comparison.RepeatAsync(isQuick ? 2 : 6, RunAsync);
            List<Measurement> kept = [];
            var runs = await Comparison.RepeatAsync(isQuick ? 3 : 9, async () =>
            {
                kept.Add(await sides.KeepRetrievedAsync(store, count, PerSeries, Sides.DefaultWorkers));
                return await RunAsync();
            });
            var ratios = runs.Select(run => run.Job.Client / run.Floor.Client).ToArray();
            var keeping = runs.Zip(kept, (run, keep) => run.Job.Client / keep.Client).ToArray();
            Console.WriteLine(
                $"| {kilobytes} KB | {runs.Select(run => run.Floor.Client / count * 1e6).Median():N0} "
                + $"| {runs.Select(run => run.Job.Client / count * 1e6).Median():N0} | {ratios.Median():F2} | {ratios.Range("F2")} "
                + $"| {runs.Select(run => (run.Job.Client + run.Job.Store) / (run.Floor.Client + run.Floor.Store)).Median():F2} "
                + $"| {kept.Select(run => run.Client / count * 1e6).Median():N0} | {keeping.Median():F2} | {keeping.Range("F2")} |");

            Task<Comparison> RunAsync() => sides.RetrieveAsync(store, count, PerSeries, Sides.DefaultWorkers);
        }
    }
}
