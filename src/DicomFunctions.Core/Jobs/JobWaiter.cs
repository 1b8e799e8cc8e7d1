using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs;

/// <summary>
/// Waits for jobs. A job has ended when its summary is there: told at once where this process writes it, found by looking otherwise. The
/// engine is asked seldom, for it is slower to say so, and only for jobs that stop without a summary.
/// </summary>
internal sealed class JobWaiter(JobContext jobs, JobInspector inspector, JobEnds ends)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EnginePause = TimeSpan.FromSeconds(2);

    /// <summary>Completes once the job has ended or come to a stop, and at once where there is none.</summary>
    /// <exception cref="ObjectStoreException">The object store or the engine cannot be used.</exception>
    public async Task WaitAsync(string id, CancellationToken cancellationToken)
    {
        if (!JobId.IsValid(id))
            return;
        using var listener = ends.Listen(id);
        long? asked = null;
        for (var pause = FirstPause; ; pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause)
        {
            if (asked is null || jobs.Time.GetElapsedTime(asked.Value) >= EnginePause)
            {
                asked = jobs.Time.GetTimestamp();
                if (await inspector.LookAsync(id, cancellationToken).ConfigureAwait(false) is not { IsActive: true })
                    return;
            }
            else if (listener.Ended.IsCompleted
                || await jobs.Store.GetPropertiesAsync(new JobFiles(id).Summary, cancellationToken).ConfigureAwait(false) is not null)
            {
                return;
            }

            await Task.WhenAny(listener.Ended, Task.Delay(pause, jobs.Time, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
