namespace DicomFunctions.Emulator.Bench;

/// <summary>What one run of load came to.</summary>
internal sealed record Measurement(double RequestsPerSecond, double MegabytesPerSecond, double ServerMicrosecondsPerRequest)
{
    /// <summary>The median run by requests per second.</summary>
    public static Measurement Median(IEnumerable<Measurement> runs)
    {
        var sorted = runs.OrderBy(run => run.RequestsPerSecond).ToArray();
        return sorted[sorted.Length / 2];
    }
}
