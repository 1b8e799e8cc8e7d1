using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>
/// Waits for jobs. A job has ended when it has a summary: <see cref="JobEnds"/> tells if this process wrote it, and polling finds it
/// otherwise. The engine, which may be slower, tells of jobs that stop without a summary.
/// </summary>
internal sealed class JobWaiter(JobStore jobStore, JobEnds ends, IWorkflowEngine engine, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Completes once the job has ended or stopped, and at once if there is no such job.</summary>
    /// <exception cref="Storage.ObjectStoreException">The object store or the engine cannot be used.</exception>
    public async Task WaitAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.IsValid(id))
            return;
        using var listener = ends.Listen(id);
        var stored = await jobStore.ReadSpecAsync(id, cancellationToken).ConfigureAwait(false);
        if (stored.IsMissing || stored.Content is { DeletedAt: not null })
            return;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var stopped = engine.WaitAsync(stored.Content?.Owner ?? id, over.Token);
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
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            // A damaged summary belongs to a job that was resumed to write it again.
            if ((await jobStore.ReadSummaryAsync(id, cancellationToken).ConfigureAwait(false)).Content is not null)
                return;
            var first = await Task.WhenAny(ended, stopped, Task.Delay(pause, time, cancellationToken)).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            if (first == ended || first == stopped)
                return;
        }
    }
}
