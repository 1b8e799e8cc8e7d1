using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Workflow;

/// <summary>How far a job is, in inputs. Counts only: it is kept in the engine's history.</summary>
public sealed record JobProgress
{
    /// <summary>Which job, where the instance works one after the other; null in a view, which is of one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? JobId { get; init; }

    /// <summary>Inputs accepted; 0 while unknown.</summary>
    public long Total { get; init; }

    /// <summary>Records with <c>success: true</c>.</summary>
    public long Succeeded { get; init; }

    /// <summary>Records with <c>success: false</c>.</summary>
    public long Failed { get; init; }

    /// <summary>Inputs passed over because the job was cancelled.</summary>
    public long NotAttempted { get; init; }

    /// <summary>Inputs with a record. What was not tried is not done.</summary>
    public long Done => Succeeded + Failed;
}
