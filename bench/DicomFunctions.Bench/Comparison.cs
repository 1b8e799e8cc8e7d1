namespace DicomFunctions.Bench;

/// <summary>The cost of the same requests on each side.</summary>
internal readonly record struct Comparison(Measurement Floor, Measurement Job)
{
    /// <summary>Runs them this many times, alternating.</summary>
    public static async Task<List<Comparison>> RepeatAsync(int rounds, Func<Task<Comparison>> run)
    {
        List<Comparison> runs = [];
        for (var round = 0; round < rounds; round++)
            runs.Add(await run());
        return runs;
    }
}
