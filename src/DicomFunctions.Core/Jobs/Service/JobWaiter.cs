using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>
/// Waits for jobs. A job has ended when its summary is there: told at once where this process writes it, found by looking otherwise. The
/// engine, which may be slower to say so, is heard for jobs that come to a stop without a summary.
/// </summary>
internal sealed class JobWaiter(JobContext jobs, JobEnds ends, IWorkflowEngine engine)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Completes once the job has ended or come to a stop, and at once where there is none.</summary>
    /// <exception cref="Storage.ObjectStoreException">The object store or the engine cannot be used.</exception>
    public async Task WaitAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.IsValid(id))
            return;
        using var listener = ends.Listen(id);
        var stored = await jobs.ReadSpecAsync(id, cancellationToken).ConfigureAwait(false);
        if (stored.IsMissing || stored.Content is { DeletedAt: not null })
            return;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stopped = engine.WaitAsync(stored.Content?.Instance ?? id, over.Token);
        try
        {
            await WaitAsync(id, listener.Ended, stopped, over.Token).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await ((Task)stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WaitAsync(string id, Task ended, Task stopped, CancellationToken cancellationToken)
    {
        var summary = new JobFiles(id).Summary;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            // One that is damaged is that of a job that was resumed to have it written again.
            if ((await jobs.ReadAsync(id, summary, JobJson.Default.JobSummary, cancellationToken).ConfigureAwait(false)).Content is not null)
                return;
            var first = await Task.WhenAny(ended, stopped, Task.Delay(pause, jobs.Time, cancellationToken)).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            if (first == ended || first == stopped)
                return;
        }
    }
}
