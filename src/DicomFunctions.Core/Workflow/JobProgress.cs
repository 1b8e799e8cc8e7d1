using System.Text.Json.Serialization;

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

    /// <summary>The number of inputs with a record, without those that were skipped.</summary>
    public long Done => Succeeded + Failed;
}
