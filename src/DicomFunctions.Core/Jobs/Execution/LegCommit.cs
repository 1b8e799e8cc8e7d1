namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>The commit of a leg: the blocks its runs have staged, and the state after it.</summary>
internal sealed record LegCommit
{
    public required int Part { get; init; }

    /// <summary>For each run, in order: its block number, its execution, and the number of its blocks.</summary>
    public required IReadOnlyList<long[]> Runs { get; init; }

    /// <summary>The job's state after the commit.</summary>
    public required JobState After { get; init; }
}
