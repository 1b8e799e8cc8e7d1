namespace DicomFunctions.Bench;

/// <summary>
/// User and system time of the job's process, compared with the floor's, and with the simplest program that keeps the answers.
/// </summary>
internal static class ProcessorBench
{
    public static async Task RunAsync(Sides sides, bool isQuick)
    {
        Console.WriteLine();
        Console.WriteLine(
            $"| CPU time a request, {Sides.DefaultWorkers} workers | floor, µs | job, µs | job/floor | range | with the emulator's | "
            + "keeping, µs | job/keeping |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var (rows, count) in ((int, int)[])[(1, 10_000), (500, 400), (5_000, 40)])
        {
            await sides.AnswerAsync(rows);
            await Comparison.RepeatAsync(rows == 1 ? 1 : isQuick ? 3 : 6, RunAsync);
            List<Measurement> kept = [];
            var runs = await Comparison.RepeatAsync(isQuick ? 3 : 9, async () =>
            {
                kept.Add(await sides.KeepAsync(rows, count, Sides.DefaultWorkers));
                return await RunAsync();
            });
            var ratios = runs.Select(run => run.Job.Client / run.Floor.Client).ToArray();
            Console.WriteLine(
                $"| {rows:N0} × {Sides.RowBytes:N0} bytes | {runs.Select(run => run.Floor.Client / count * 1e6).Median():N0} "
                + $"| {runs.Select(run => run.Job.Client / count * 1e6).Median():N0} | {ratios.Median():F2} | {ratios.Range("F2")} "
                + $"| {runs.Select(run => (run.Job.Client + run.Job.Store) / (run.Floor.Client + run.Floor.Store)).Median():F2} "
                + $"| {kept.Select(run => run.Client / count * 1e6).Median():N0} "
                + $"| {runs.Zip(kept, (run, keeping) => run.Job.Client / keeping.Client).Median():F2} |");

            Task<Comparison> RunAsync() => sides.SearchAsync(rows, count, Sides.DefaultWorkers);
        }
    }
}
