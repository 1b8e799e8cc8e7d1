using DicomFunctions.Core.Drop;

namespace DicomFunctions.Local.Serve;

/// <summary>
/// <c>drop/failed</c>, whose files are taken back when they change: on the file system's events and, since it may give none, now and then.
/// </summary>
/// <param name="path">Where it is, once a file has failed.</param>
/// <param name="changed">Takes files back.</param>
/// <param name="time">The clock.</param>
/// <param name="signal">Called when there was an event.</param>
internal sealed class FailedFolder(string path, ChangedFailures changed, TimeProvider time, Action signal) : IDisposable
{
    /// <summary>How often it is looked at without an event: there may be very many files, and each is asked about.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private FileSystemWatcher? _watcher;
    private long? _lookedAt;
    private bool _isChanged;

    /// <summary>Takes back the files that changed, when it is time. How many that was.</summary>
    public async Task<int> TakeBackAsync(CancellationToken cancellationToken)
    {
        var isFirst = _watcher is null && TryWatch();
        if (!Interlocked.Exchange(ref _isChanged, false) && !isFirst && _lookedAt is { } last && time.GetElapsedTime(last) < Interval)
            return 0;
        _lookedAt = time.GetTimestamp();
        return await changed.TakeBackAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _watcher?.Dispose();

    private bool TryWatch()
    {
        if (!Directory.Exists(path))
            return false;
        try
        {
            _watcher = new FileSystemWatcher(path) { IncludeSubdirectories = true };
            _watcher.Changed += (_, _) => Signal();
            _watcher.Error += (_, _) => Signal();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // No events: it is looked at all the same.
        }

        return true;
    }

    private void Signal()
    {
        Interlocked.Exchange(ref _isChanged, true);
        signal();
    }
}
