using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Jobs;

/// <summary>What a job's workflow knows between two legs. Counters and references only.</summary>
public sealed record JobState : IJobFile
{
    /// <summary>Raised when a build cannot continue from what the one before it kept.</summary>
    public const int CurrentVersion = 2;

    /// <summary>The version of the build that kept it; 0 before states had one.</summary>
    public int Version { get; init; } = CurrentVersion;

    public required string JobId { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Null until the inputs are counted.</summary>
    public JobPlan? Plan { get; init; }

    /// <summary>The first input of the next leg.</summary>
    public long Next { get; init; }

    /// <summary>Inputs a second of one worker in the last leg; 0 while unknown.</summary>
    public double Pace { get; init; }

    /// <summary>Results files committed; the number of the next.</summary>
    public int Parts { get; init; }

    public JobCounts Counts { get; init; } = new();

    /// <summary>Inputs without a record because the job was cancelled, as ranges <c>[first, count]</c>.</summary>
    public IReadOnlyList<long[]> NotAttempted { get; init; } = [];

    /// <summary>A run has seen the cancellation marker.</summary>
    public bool Cancelled { get; init; }

    /// <summary>Version 1: the first batch of the next leg.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long NextBatch { get; init; }

    /// <summary>Whether every input has a record, or never will.</summary>
    [JsonIgnore]
    internal bool IsWorked => Plan is not null && (Cancelled || Next >= Plan.Inputs);

    /// <summary>This state, of an earlier version, as the current one has it.</summary>
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
        && NotAttempted.All(run => run is [>= 0, > 0]);
}
