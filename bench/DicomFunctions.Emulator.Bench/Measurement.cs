namespace DicomFunctions.Emulator.Bench;

/// <summary>The result of one run of load.</summary>
internal sealed record Measurement(double RequestsPerSecond, double MegabytesPerSecond, double ServerMicrosecondsPerRequest)
{
    /// <summary>The median run by requests per second.</summary>
    public static Measurement Median(IEnumerable<Measurement> runs)
    {
        var sorted = runs.OrderBy(run => run.RequestsPerSecond).ToArray();
        return sorted[sorted.Length / 2];
    }
}
