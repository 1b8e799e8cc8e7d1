namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>Makes a part of the blocks that its batches staged.</summary>
public sealed record PartCommit
{
    public required int Part { get; init; }

    /// <summary>Of each batch, in order: the execution, and how many blocks.</summary>
    public required IReadOnlyList<long[]> Batches { get; init; }

    /// <summary>The job's state once this is done: the checkpoint.</summary>
    public required JobState After { get; init; }
}
