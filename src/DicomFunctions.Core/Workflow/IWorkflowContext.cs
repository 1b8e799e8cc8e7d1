namespace DicomFunctions.Core.Workflow;

/// <summary>
/// The only way for a workflow to interact with anything. A crash repeats a turn from its start, so its code must be deterministic:
/// no clock but <see cref="UtcNow"/>, no I/O, no randomness, no threads, no <c>ConfigureAwait(false)</c>.
/// </summary>
internal interface IWorkflowContext
{
    /// <summary>The id of this turn's instance; for a job, the job's id.</summary>
    string InstanceId { get; }

    /// <summary>The time of the turn's latest event; the same when the turn is repeated.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>
    /// Runs an activity at least once and returns its output. Calls that are not awaited run concurrently, up to the host's limit of
    /// concurrent activities.
    /// </summary>
    /// <exception cref="ActivityFailedException">The activity failed on every attempt of <see cref="ActivityRetry"/>.</exception>
    Task<TOut> CallAsync<TIn, TOut>(ActivityRef<TIn, TOut> activity, TIn input);

    /// <summary>Completes after a delay, even if the process restarts meanwhile.</summary>
    Task DelayAsync(TimeSpan delay);

    /// <summary>Reports the job's progress. The engine keeps the latest report as the instance's custom status.</summary>
    void ReportProgress(JobProgress progress);
}
