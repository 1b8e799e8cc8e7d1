using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>Builds the views of jobs from their files and the engine's status.</summary>
internal static class JobViews
{
    /// <summary>Nothing is predicted beyond this.</summary>
    private const double MaxSecondsAhead = 30 * 86_400;

    /// <summary>The view of a job that has ended.</summary>
    public static JobView Of(JobSpec spec, JobSummary summary) => Of(spec) with
    {
        State = summary.State,
        Progress = ProgressOf(summary),
        Rate = summary.Rate,
        PartRecords = summary.PartRecords,
        Summary = Shown(summary),
    };

    /// <summary>The view of a job without a summary.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="status">The engine's status; null if no engine runs the job.</param>
    /// <param name="committed">The progress according to the job's files. The engine's, if it has one, is newer.</param>
    /// <param name="isCancelling">Whether it was asked to stop.</param>
    /// <param name="now">The current time.</param>
    public static JobView Of(JobSpec spec, WorkflowStatus? status, JobProgress committed, bool isCancelling, DateTimeOffset now)
    {
        var progress = status?.Progress is { } progressOfEngine ? progressOfEngine with { JobId = null } : committed;
        var isActive = status is { IsActive: true };
        var seconds = (now - spec.CreatedAt).TotalSeconds;
        return Of(spec) with
        {
            State = status?.State switch
            {
                null => JobStatus.Interrupted,
                _ when isCancelling => JobStatus.Cancelling,
                WorkflowState.Pending => JobStatus.Pending,
                WorkflowState.Running => JobStatus.Running,
                // Completed without a summary: what belonged to it was removed by hand.
                _ => JobStatus.Failed,
            },
            Progress = progress,
            Rate = isActive && progress.Done > 0 && seconds > 0 ? Math.Round(progress.Done / seconds, 2) : null,
            Failure = status?.Failure,
            RecordsAt = isActive ? NextRecordsAt(progress, seconds, now) : null,
        };
    }

    /// <summary>The view of a job whose <c>job.json</c> cannot be read.</summary>
    public static JobView Damaged(string id, string damage, JobSummary? summary) => new()
    {
        Id = id,
        Kind = summary?.Kind,
        State = JobStatus.Damaged,
        CreatedAt = JobId.Time(id),
        BufferSize = null,
        MaxWorkers = null,
        Progress = summary is null ? new JobProgress() : ProgressOf(summary),
        Failure = $"{damage} Its records, as far as they are there, can be read; then delete it.",
        Summary = summary is null ? null : Shown(summary),
    };

    /// <summary>The view of a job that has ended, and whose <c>summary.json</c> cannot be read.</summary>
    public static JobView Damaged(JobSpec spec, string damage) => Of(spec) with
    {
        State = JobStatus.Damaged,
        Progress = new JobProgress { Total = spec.Inputs ?? 0 },
        Failure = $"{damage} Resume the job to have it written again.",
    };

    /// <summary>
    /// What an instance's status says about a job. An owner runs one job after another: its status may be about a later one.
    /// </summary>
    public static WorkflowStatus? StatusOf(string id, WorkflowStatus? status) => status?.Progress?.JobId is { } current && current != id
        ? string.CompareOrdinal(current, id) > 0 ? null : status with { Progress = null }
        : status;

    /// <summary>When the leg under way will probably end, at the job's rate so far.</summary>
    private static DateTimeOffset? NextRecordsAt(JobProgress progress, double seconds, DateTimeOffset now) =>
        progress.Done > 0 && progress.LegEnd >= progress.Done && seconds > 0
            ? now.AddSeconds(Math.Min((progress.LegEnd - progress.Done) * seconds / progress.Done, MaxSecondsAhead))
            : null;

    private static JobProgress ProgressOf(JobSummary summary) => new()
    {
        Total = summary.Inputs,
        Succeeded = summary.Succeeded,
        Failed = summary.Failed,
        NotAttempted = summary.NotAttempted,
        Failures = summary.Failures,
        Committed = summary.Succeeded + summary.Failed,
    };

    private static JobView Of(JobSpec spec) => new()
    {
        Id = spec.Id,
        Kind = spec.Kind,
        State = JobStatus.Pending,
        CreatedAt = spec.CreatedAt,
        BufferSize = spec.BufferSize,
        MaxWorkers = spec.MaxWorkers,
        Progress = new JobProgress(),
        RetryOf = spec.RetryOf,
        IsOwned = spec.Owner is not null,
        Destination = spec.Destination,
        BaseUrl = spec.BaseUrl,
        ServiceRoot = spec.ServiceRoot,
        SubmittedBy = spec.SubmittedBy,
        Labels = spec.Labels,
    };

    private static JobSummary Shown(JobSummary summary) => summary with { PartRecords = null };
}
