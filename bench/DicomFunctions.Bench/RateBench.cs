namespace DicomFunctions.Bench;

/// <summary>Requests per second, by number of workers.</summary>
internal static class RateBench
{
    private const int FileBytes = 10_000;

    public static async Task RunAsync(Sides sides, bool isQuick)
    {
        var (searches, files, rounds) = isQuick ? (2_000, 400, 1) : (5_000, 1_000, 3);
        Load.WriteFiles(sides.DropFolder, files, FileBytes);
        await sides.AnswerAsync(1);
        Console.WriteLine();
        Console.WriteLine("| per second | workers | floor | job | job/floor |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var workers in (int[])[1, 5, 20, Sides.MaxWorkers])
        {
            Print(
                "searches, 1,000-byte answers", workers,
                await Comparison.RepeatAsync(rounds, () => sides.SearchAsync(1, searches, workers)), searches);
        }

        await Comparison.RepeatAsync(isQuick ? 2 : 6, () => sides.UploadAsync(files, Sides.DefaultWorkers));
        foreach (var workers in (int[])[1, 5, 20, Sides.MaxWorkers])
            Print("uploads of 10 KB", workers, await Comparison.RepeatAsync(rounds, () => sides.UploadAsync(files, workers)), files);
    }

    private static void Print(string what, int workers, List<Comparison> runs, int count) => Console.WriteLine(
        $"| {what} | {workers} | {count / runs.Select(run => run.Floor.Wall).Median():N0} | "
        + $"{count / runs.Select(run => run.Job.Wall).Median():N0} "
        + $"| {runs.Select(run => run.Floor.Wall / run.Job.Wall).Median():F2} |");
}
