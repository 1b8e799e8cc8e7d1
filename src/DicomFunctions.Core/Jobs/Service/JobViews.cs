using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>What is told of a job, from its files and the engine's word.</summary>
internal static class JobViews
{
    /// <summary>Of a job that has ended.</summary>
    public static JobView Of(JobSpec spec, JobSummary summary) => Of(spec) with
    {
        State = summary.State,
        Progress = ProgressOf(summary),
        Rate = summary.Rate,
        Summary = summary,
    };

    /// <summary>Of a job without a summary; a null <paramref name="status"/>: no engine runs it.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="status">The engine's word.</param>
    /// <param name="committed">How far the job's own files say it is; the engine's word, where it has one, is newer.</param>
    /// <param name="isCancelling">Whether it was asked to stop.</param>
    /// <param name="now">The time.</param>
    public static JobView Of(JobSpec spec, WorkflowStatus? status, JobProgress committed, bool isCancelling, DateTimeOffset now)
    {
        var progress = status?.Progress is { } told ? told with { JobId = null } : committed;
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
        };
    }

    /// <summary>Of a job whose <c>job.json</c> cannot be read.</summary>
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
        Summary = summary,
    };

    /// <summary>Of a job that has ended, and whose <c>summary.json</c> cannot be read.</summary>
    public static JobView Damaged(JobSpec spec, string damage) => Of(spec) with
    {
        State = JobStatus.Damaged,
        Progress = new JobProgress { Total = spec.Inputs ?? 0 },
        Failure = $"{damage} Resume the job to have it written again.",
    };

    /// <summary>
    /// What an instance's status says of a job: nothing, where the instance works one job after the other, as the blob drop does, and
    /// has gone on to a later one.
    /// </summary>
    public static WorkflowStatus? StatusOf(string id, WorkflowStatus? status) => status?.Progress?.JobId is { } told && told != id
        ? string.CompareOrdinal(told, id) > 0 ? null : status with { Progress = null }
        : status;

    private static JobProgress ProgressOf(JobSummary summary) => new()
    {
        Total = summary.Inputs,
        Succeeded = summary.Succeeded,
        Failed = summary.Failed,
        NotAttempted = summary.NotAttempted,
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
        OfDrop = spec.IsOfDrop,
        Destination = spec.Destination,
        BaseUrl = spec.BaseUrl,
        ServiceRoot = spec.ServiceRoot,
    };
}
