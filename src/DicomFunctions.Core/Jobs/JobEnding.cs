namespace DicomFunctions.Core.Jobs;

/// <summary>The end of a job, of which there is more than one if the job is resumed: counts only, and nothing of a patient.</summary>
/// <param name="Id">The job.</param>
/// <param name="State">Completed, cancelled or failed.</param>
/// <param name="Number">How often the job was resumed before.</param>
/// <param name="EndedAt">When it ended.</param>
internal sealed record JobEnding(string Id, JobStatus State, int Number, DateTimeOffset EndedAt)
{
    /// <summary>Null if <c>job.json</c> is damaged.</summary>
    public JobKind? Kind { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The number of inputs; null if they were not counted.</summary>
    public long? Inputs { get; init; }

    public long Succeeded { get; init; }

    public long Failed { get; init; }

    public long NotAttempted { get; init; }

    /// <summary>The job this one retries.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The end of a job that has a summary.</summary>
    public static JobEnding Of(JobSpec spec, JobSummary summary) => new(spec.Id, summary.State, spec.Resumes, summary.FinishedAt)
    {
        Kind = spec.Kind,
        CreatedAt = spec.CreatedAt,
        Inputs = summary.Inputs,
        Succeeded = summary.Succeeded,
        Failed = summary.Failed,
        NotAttempted = summary.NotAttempted,
        RetryOf = spec.RetryOf,
    };

    /// <summary>The end of a job that failed, with the counts of its committed parts.</summary>
    public static JobEnding OfFailed(string id, JobSpec? spec, JobState? checkpoint, DateTimeOffset endedAt) =>
        new(id, JobStatus.Failed, spec?.Resumes ?? 0, endedAt)
        {
            Kind = spec?.Kind,
            CreatedAt = spec?.CreatedAt ?? JobId.Time(id),
            Inputs = checkpoint?.Plan?.Inputs ?? spec?.Inputs,
            Succeeded = checkpoint?.Counts.Succeeded ?? 0,
            Failed = checkpoint?.Counts.Failed ?? 0,
            RetryOf = spec?.RetryOf,
        };
}
