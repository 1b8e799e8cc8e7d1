namespace DicomFunctions.Bench;

/// <summary>What refusals cost a job, at 20 ms an answer: beside the same job without any, by the same process.</summary>
internal static class RetryBench
{
    private const int Quota = 100;

    /// <summary>By then the pace should be found.</summary>
    private const int FirstSeconds = 5;

    public static async Task RunAsync(string folder, bool isQuick)
    {
        var (searches, rounds) = isQuick ? (1_000, 1) : (3_000, 3);
        await using var store = await RefusingStore.StartAsync();
        await using var host = await HostProcess.StartAsync(store.Root, folder, Sides.DefaultWorkers);
        await RunAsync("warm-up");
        Console.WriteLine();
        Console.WriteLine(
            $"| {searches:N0} searches at 20 ms, {Sides.DefaultWorkers} workers | a second | of the rate without refusals | range |");
        Console.WriteLine("|---|---|---|---|");
        List<double> clean = [], one = [], five = [];
        for (var round = 0; round < rounds; round++)
        {
            clean.Add(await RunAsync($"clean-{round}"));
            one.Add(await RunAsync($"one-{round}", refusedShare: 0.01));
            five.Add(await RunAsync($"five-{round}", refusedShare: 0.05));
        }

        Console.WriteLine($"| no refusals | {searches / clean.Median():N0} | | |");
        Print("1 % random 503", one);
        Print("5 % random 503", five);
        Console.WriteLine();
        Console.WriteLine(
            $"| a store that takes {Quota} requests a second, after {FirstSeconds} s | asked a second | of what it takes | 5 s, least "
            + "| most |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var retryAfter in (int?[])[null, 1])
        {
            var name = $"quota-{retryAfter ?? 0}";
            var asked = store.Set(name, quota: Quota, retryAfter: retryAfter);
            await host.RunAsync("search", Load.SearchJob(name, searches, isLookup: true, Sides.DefaultWorkers), searches);
            // The last second is not a whole one.
            var steady = asked.Skip(FirstSeconds).SkipLast(1).ToArray();
            var fives = Enumerable.Range(0, Math.Max(1, steady.Length - 4))
                .Select(from => steady.Skip(from).Take(5).Average() / Quota)
                .ToArray();
            Console.WriteLine(
                $"| 429 {(retryAfter is null ? "alone" : $"with Retry-After: {retryAfter}")} | {steady.Average():N0} "
                + $"| {steady.Average() / Quota:F2} | {fives.Min():F2} | {fives.Max():F2} |");
        }

        async Task<double> RunAsync(string name, double refusedShare = 0)
        {
            store.Set(name, refusedShare);
            return await host.RunAsync("search", Load.SearchJob(name, searches, isLookup: true, Sides.DefaultWorkers), searches);
        }

        void Print(string what, List<double> seconds)
        {
            var ratios = clean.Zip(seconds, (without, with) => without / with).ToArray();
            Console.WriteLine($"| {what} | {searches / seconds.Median():N0} | {ratios.Median():F2} | {ratios.Range("F2")} |");
        }
    }
}
