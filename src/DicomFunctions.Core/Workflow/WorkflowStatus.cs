using System.Text.Json.Serialization;

namespace DicomFunctions.Core.Workflow;

/// <summary>An instance as its engine sees it.</summary>
public sealed record WorkflowStatus
{
    public required string InstanceId { get; init; }

    /// <summary>The workflow's name.</summary>
    public required string Name { get; init; }

    public required WorkflowState State { get; init; }

    /// <summary>Whether it is under way: pending or running.</summary>
    [JsonIgnore]
    public bool IsActive => State is WorkflowState.Pending or WorkflowState.Running;

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The last progress told; null before the first.</summary>
    public JobProgress? Progress { get; init; }

    /// <summary>Why it failed or was terminated; never patient data.</summary>
    public string? Failure { get; init; }
}
