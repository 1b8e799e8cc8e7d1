namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>Makes a part of the blocks that a leg's runs staged.</summary>
public sealed record LegCommit
{
    public required int Part { get; init; }

    /// <summary>Of each run, in order: its block number, its execution, and how many blocks.</summary>
    public required IReadOnlyList<long[]> Runs { get; init; }

    /// <summary>The job's state once this is done.</summary>
    public required JobState After { get; init; }
}
