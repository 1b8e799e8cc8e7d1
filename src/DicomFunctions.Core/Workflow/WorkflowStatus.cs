using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Workflow;

/// <summary>The status of an instance, as its engine reports it.</summary>
internal sealed record WorkflowStatus
{
    public required string InstanceId { get; init; }

    /// <summary>The workflow's name.</summary>
    public required string Name { get; init; }

    public required WorkflowState State { get; init; }

    /// <summary>Whether the instance is pending or running.</summary>
    [JsonIgnore]
    public bool IsActive => State is WorkflowState.Pending or WorkflowState.Running;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The latest reported progress; null before the first report.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>Why the instance failed or was terminated, without patient data.</summary>
    public string? Failure { get; init; }
}
