using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Drop;

/// <summary>Where the drop workflow is.</summary>
public sealed record DropState
{
    /// <summary>The job of the files now being worked; null: the folder is to be looked at.</summary>
    public JobState? Job { get; init; }

    /// <summary>How many jobs in a row, up to now, left all their files where they were.</summary>
    public int FruitlessRounds { get; init; }

    /// <summary>What lay in the folder when the first of them had ended.</summary>
    public string? Seen { get; init; }

    /// <summary>How long the next round has been waited for.</summary>
    public TimeSpan Waited { get; init; }
}
