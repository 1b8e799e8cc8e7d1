namespace DicomFunctions.Bench;

/// <summary>What the same requests took, one side after the other.</summary>
internal readonly record struct Comparison(Measurement Floor, Measurement Job)
{
    /// <summary>So many times, alternating.</summary>
    public static async Task<List<Comparison>> RepeatAsync(int rounds, Func<Task<Comparison>> run)
    {
        List<Comparison> runs = [];
        for (var round = 0; round < rounds; round++)
            runs.Add(await run());
        return runs;
    }
}
