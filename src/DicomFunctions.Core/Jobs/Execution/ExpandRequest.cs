namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>The input of a run that continues to expand a job's sources.</summary>
internal sealed record ExpandRequest
{
    public required string JobId { get; init; }

    /// <summary>The run to continue.</summary>
    public required ExpansionPoint After { get; init; }
}
