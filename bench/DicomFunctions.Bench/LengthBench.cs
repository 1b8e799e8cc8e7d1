namespace DicomFunctions.Bench;

/// <summary>Whether an input costs the same in a long job as in a short one.</summary>
internal static class LengthBench
{
    private const int Short = 1_000;
    private const int ShortRuns = 20;

    /// <summary>
    /// Code that runs once per job needs as many jobs to be fully optimized as code that runs once per input needs inputs.
    /// </summary>
    private const int WarmUpRuns = 100;

    public static async Task RunAsync(Sides sides, bool isQuick)
    {
        // Short jobs before, between and after, so that a machine that becomes busier affects both alike.
        var longCount = isQuick ? 10_000 : 50_000;
        List<Measurement> shorts = [], longs = [];
        await sides.AnswerAsync(1);
        for (var run = 0; run < WarmUpRuns; run++)
            await sides.SearchJobAsync(1, Short, Sides.DefaultWorkers);
        await ShortsAsync();
        longs.Add(await sides.SearchJobAsync(1, longCount, Sides.DefaultWorkers));
        await ShortsAsync();
        longs.Add(await sides.SearchJobAsync(1, 2 * longCount, Sides.DefaultWorkers));
        await ShortsAsync();

        Console.WriteLine();
        Console.WriteLine("| per input | CPU, µs | wall, µs |");
        Console.WriteLine("|---|---|---|");
        // Of all of them together: the kernel counts processor time in steps too coarse for a single one.
        Print($"{shorts.Count} jobs of {Short:N0}", shorts.Average(run => run.Client) / Short, shorts.Average(run => run.Wall) / Short);
        Print($"a job of {longCount:N0}", longs[0].Client / longCount, longs[0].Wall / longCount);
        Print($"a job of {2 * longCount:N0}", longs[1].Client / longCount / 2, longs[1].Wall / longCount / 2);

        static void Print(string what, double cpu, double wall) => Console.WriteLine($"| {what} | {cpu * 1e6:N0} | {wall * 1e6:N0} |");

        async Task ShortsAsync()
        {
            for (var run = 0; run < ShortRuns / 3; run++)
                shorts.Add(await sides.SearchJobAsync(1, Short, Sides.DefaultWorkers));
        }
    }
}
