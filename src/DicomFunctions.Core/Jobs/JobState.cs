using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>The state of a job's workflow between two legs: counters and references only.</summary>
internal sealed record JobState : IJobFile
{
    /// <summary>Incremented when a build cannot continue from the state of the one before.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The most parts whose records are counted one by one, since the counts are stored in the engine's history.</summary>
    internal const int MaxPartsCounted = 4_096;

    /// <summary>The version of the build that wrote it; 0 before states had one.</summary>
    public int Version { get; init; } = CurrentVersion;

    public required string JobId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null until the inputs are counted.</summary>
    public JobPlan? Plan { get; init; }

    /// <summary>The first input of the next leg.</summary>
    public long Next { get; init; }

    /// <summary>Inputs per second of one worker in the last leg; 0 if not known.</summary>
    public double Pace { get; init; }

    /// <summary>Number of committed parts, and so the number of the next.</summary>
    public int Parts { get; init; }

    public JobCounts Counts { get; init; } = new();

    /// <summary>
    /// For each part, <c>[records, failed, ms]</c>, the last of these from the job's start to the part's end. Shorter than
    /// <see cref="Parts"/> for a job begun by a build that did not count them, or of very many parts.
    /// </summary>
    public IReadOnlyList<long[]> PartRecords { get; init => field = value ?? []; } = [];

    /// <summary>Inputs without a record because the job was cancelled, as ranges <c>[first, count]</c>.</summary>
    public IReadOnlyList<long[]> NotAttempted { get; init; } = [];

    /// <summary>A run has seen the cancellation marker.</summary>
    public bool Cancelled { get; init; }

    /// <summary>Version 1: the first batch of the next leg.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long NextBatch { get; init; }

    /// <summary>Whether no input is left to process.</summary>
    [JsonIgnore]
    internal bool IsWorked => Plan is not null && (Cancelled || Next >= Plan.Inputs);

    /// <summary>Whether these may be the records of so many parts, or of the first of them.</summary>
    internal static bool AreCounts(IReadOnlyList<long[]> partRecords, int parts) =>
        partRecords.Count <= parts && partRecords.All(part => part is [>= 0, >= 0, >= 0] && part[1] <= part[0]);

    /// <summary>Converts a state of an earlier version.</summary>
    internal JobState Upgraded()
    {
        var defaults = new JobOptions();
        return this with
        {
            Version = CurrentVersion,
            Plan = Plan is null ? null : Plan with { ActivityTime = defaults.ActivityTime, LegTime = defaults.LegTime },
            Next = Plan is null ? 0 : NextBatch * Plan.BatchSize,
            NextBatch = 0,
        };
    }

    bool IJobFile.IsOf(string id) =>
        JobId == id
        && Plan is null or { Inputs: >= 0, BatchSize: > 0, Window: > 0 }
        && Next >= 0
        && NextBatch >= 0
        && Pace >= 0
        && Parts >= 0
        && JobState.AreCounts(PartRecords, Parts)
        && NotAttempted.All(run => run is [>= 0, > 0]);
}
