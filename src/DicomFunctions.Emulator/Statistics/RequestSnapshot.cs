namespace DicomFunctions.Emulator.Statistics;

/// <summary>The values of a <see cref="RequestCounter"/> at one moment.</summary>
public sealed record RequestSnapshot(long Count, int InFlight, int MaxInFlight)
{
    internal static RequestSnapshot Of(RequestCounter counter) => new(counter.Count, counter.InFlight, counter.MaxInFlight);
}
