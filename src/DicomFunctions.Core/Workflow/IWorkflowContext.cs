namespace DicomFunctions.Core.Workflow;

/// <summary>
/// All that a workflow may touch. A turn is run again from its start after a crash, so its code must be deterministic:
/// no clock but <see cref="UtcNow"/>, no I/O, no randomness, no threads, no <c>ConfigureAwait(false)</c>.
/// </summary>
public interface IWorkflowContext
{
    /// <summary>The instance this turn belongs to; for a job, the job's id.</summary>
    string InstanceId { get; }

    /// <summary>The time of the turn's latest event; the same when the turn is run again.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>
    /// Runs an activity at least once and gives its output. Calls made without awaiting run side by side, as far as the host's
    /// limit of concurrent activities allows.
    /// </summary>
    /// <exception cref="ActivityFailedException">The engine gave up on it after the attempts of <see cref="ActivityRetry"/>.</exception>
    Task<TOut> CallAsync<TIn, TOut>(ActivityRef<TIn, TOut> activity, TIn input);

    /// <summary>Completes after a time, which outlives the process.</summary>
    Task DelayAsync(TimeSpan delay);

    /// <summary>Tells how far the job is. Kept by the engine as the instance's custom status; the last one told wins.</summary>
    void ReportProgress(JobProgress progress);
}
