using DicomFunctions.Core.Drop;

namespace DicomFunctions.Local.Serve;

/// <summary>
/// <c>drop/failed</c>, whose files return to <c>drop/incoming</c> when they change: on file-system events and, since there may be none, at
/// intervals.
/// </summary>
/// <param name="path">Its path; it exists once a file has failed.</param>
/// <param name="changed">Moves changed files back.</param>
/// <param name="time">The clock.</param>
/// <param name="signal">Called at an event.</param>
internal sealed class FailedFolder(string path, ChangedFailures changed, TimeProvider time, Action signal) : IDisposable
{
    /// <summary>How often it is checked without an event: there may be very many files, and each one is examined.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private FileSystemWatcher? _watcher;
    private long? _lookedAt;
    private bool _isChanged;

    /// <summary>Moves back the files that have changed, if it is time, and returns their number.</summary>
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
            // Without events, it is still checked at intervals.
        }

        return true;
    }

    private void Signal()
    {
        Interlocked.Exchange(ref _isChanged, true);
        signal();
    }
}
