using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Overview;

/// <summary>What the overview needs of a job.</summary>
/// <param name="View">Its state, without its parts and its summary.</param>
/// <param name="Minutes">Its records by minute.</param>
internal sealed record JobDigest(JobView View, IReadOnlyList<MinuteCount> Minutes)
{
    public bool IsActive => View.State is JobStatus.Pending or JobStatus.Running or JobStatus.Cancelling;

    /// <summary>Whether it ended for good: it can be deleted, but not change.</summary>
    public bool IsFinal => View.State is JobStatus.Completed or JobStatus.Cancelled;
}
