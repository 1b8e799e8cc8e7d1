using DicomFunctions.Core.Drop;

namespace DicomFunctions.Local.Serve;

/// <summary>
/// <c>drop/failed</c>, whose files are taken back when they change: on the file system's events and, since it may give none, now and then.
/// </summary>
internal sealed class FailedFolder : IDisposable
{
    /// <summary>How often it is looked at without an event: there may be very many files, and each is asked about.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ChangedFailures _changed;
    private readonly TimeProvider _time;
    private readonly FileSystemWatcher? _watcher;
    private long? _lookedAt;
    private bool _isChanged;

    /// <param name="path">Where it is; made if need be.</param>
    /// <param name="changed">Takes files back.</param>
    /// <param name="time">The clock.</param>
    /// <param name="signal">Called when there was an event.</param>
    public FailedFolder(string path, ChangedFailures changed, TimeProvider time, Action signal)
    {
        (_changed, _time) = (changed, time);
        try
        {
            Directory.CreateDirectory(path);
            _watcher = new FileSystemWatcher(path) { IncludeSubdirectories = true };
            _watcher.Changed += (_, _) => Signal();
            _watcher.Error += (_, _) => Signal();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // No events: it is looked at all the same.
        }

        void Signal()
        {
            Interlocked.Exchange(ref _isChanged, true);
            signal();
        }
    }

    /// <summary>Takes back the files that changed, when it is time. How many that was.</summary>
    public async Task<int> TakeBackAsync(CancellationToken cancellationToken)
    {
        if (!Interlocked.Exchange(ref _isChanged, false) && _lookedAt is { } last && _time.GetElapsedTime(last) < Interval)
            return 0;
        _lookedAt = _time.GetTimestamp();
        return await _changed.TakeBackAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _watcher?.Dispose();
}
