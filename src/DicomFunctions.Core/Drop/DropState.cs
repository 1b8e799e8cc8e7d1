using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Drop;

/// <summary>The state of the drop workflow.</summary>
internal sealed record DropState
{
    /// <summary>The job in progress; null before the next look at the folder.</summary>
    public JobState? Job { get; init; }

    /// <summary>How many jobs in a row have left all their files where they were.</summary>
    public int FruitlessRounds { get; init; }

    /// <summary>The hash of the folder after the first of them.</summary>
    public string? Seen { get; init; }

    /// <summary>How long it has waited for the next round.</summary>
    public TimeSpan Waited { get; init; }
}
