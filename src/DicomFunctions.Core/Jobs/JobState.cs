namespace DicomFunctions.Core.Jobs;

/// <summary>What a job's workflow knows between two legs. Counters and references only.</summary>
public sealed record JobState : IJobFile
{
    /// <summary>Raised when a build before could not go on from what this one keeps.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Which build's state it is; 0 before states told.</summary>
    public int Version { get; init; } = CurrentVersion;

    public required string JobId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null until the inputs are counted.</summary>
    public JobPlan? Plan { get; init; }

    /// <summary>The first batch of the next leg.</summary>
    public long NextBatch { get; init; }

    /// <summary>Results files committed; the number of the next.</summary>
    public int Parts { get; init; }

    public JobCounts Counts { get; init; } = new();

    /// <summary>Inputs passed over because of a cancel, as runs <c>[first, count]</c>.</summary>
    public IReadOnlyList<long[]> NotAttempted { get; init; } = [];

    /// <summary>A batch has seen the wish to stop.</summary>
    public bool Cancelled { get; init; }

    bool IJobFile.IsOf(string id) =>
        JobId == id
        && Plan is null or { Inputs: >= 0, BatchSize: > 0, Window: > 0, LegBatches: > 0 }
        && NextBatch >= 0
        && Parts >= 0
        && NotAttempted.All(run => run is [>= 0, > 0]);
}
