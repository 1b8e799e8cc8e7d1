using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// Looks for a job's cancellation marker while an activity works on the job, so that a long transfer ends within about two seconds. Pass
/// <see cref="Token"/> only to what may be broken off; write records with the activity's own token.
/// </summary>
internal sealed class CancelWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly JobStore _jobStore;
    private readonly string _job;
    private readonly CancellationTokenSource _source;
    private readonly PeriodicTimer _timer;
    private readonly Task _watching;
    private volatile bool _isCancelled;

    /// <param name="jobStore">Where the marker is.</param>
    /// <param name="job">The job's id.</param>
    /// <param name="time">The clock.</param>
    /// <param name="activity">The activity's token.</param>
    public CancelWatch(JobStore jobStore, string job, TimeProvider time, CancellationToken activity)
    {
        (_jobStore, _job) = (jobStore, job);
        _source = CancellationTokenSource.CreateLinkedTokenSource(activity);
        _timer = new PeriodicTimer(Interval, time);
        _watching = WatchAsync();
    }

    /// <summary>Cancelled when the job is cancelled, and with the activity's token.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether the marker was found, which tells why <see cref="Token"/> is cancelled.</summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>Looks for the marker between two inputs. The store is asked at most once a second.</summary>
    public async ValueTask<bool> IsCancelledAsync(CancellationToken cancellationToken)
    {
        if (_isCancelled || !await _jobStore.IsCancelledAsync(_job, cancellationToken).ConfigureAwait(false))
            return _isCancelled;
        _isCancelled = true;
        await _source.CancelAsync().ConfigureAwait(false);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _source.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _source.Dispose();
    }

    private async Task WatchAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_source.Token).ConfigureAwait(false))
                await LookAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The job is cancelled, the activity has ended, or its host stops.
        }
    }

    private async ValueTask LookAsync()
    {
        try
        {
            await IsCancelledAsync(_source.Token).ConfigureAwait(false);
        }
        catch (ObjectStoreException)
        {
            // The work continues; a store that stays broken fails it where records are written.
        }
    }
}
