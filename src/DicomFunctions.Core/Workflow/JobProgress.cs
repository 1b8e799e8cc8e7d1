using System.Text.Json.Serialization;
using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Workflow;

/// <summary>A job's progress, in inputs. Contains only counts, since it is stored in the engine's history.</summary>
internal sealed record JobProgress
{
    /// <summary>The job's id, if the instance runs several jobs in turn; null in a job's view.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? JobId { get; init; }

    /// <summary>The number of inputs; 0 while unknown.</summary>
    public long Total { get; init; }

    /// <summary>The number of records with <c>success: true</c>.</summary>
    public long Succeeded { get; init; }

    /// <summary>The number of records with <c>success: false</c>.</summary>
    public long Failed { get; init; }

    /// <summary>The number of inputs skipped because the job was cancelled.</summary>
    public long NotAttempted { get; init; }

    /// <summary>The number of records that are committed, and so can be read; the others follow with their leg.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Committed { get; init; }

    /// <summary>The number of inputs after which the next records are committed; 0 if no leg is under way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long LegEnd { get; init; }

    /// <summary>The failures by code, most frequent first: at most <see cref="FailureCounts.MaxCodes"/>.</summary>
    public IReadOnlyList<FailureCount> Failures { get; init => field = value is not { Count: > 0 } ? [] : value; } = [];

    /// <summary>The number of inputs with a record, without those that were skipped.</summary>
    public long Done => Succeeded + Failed;
}
