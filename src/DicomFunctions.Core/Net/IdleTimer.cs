namespace DicomFunctions.Core.Net;

/// <summary>Cancels a request that makes no progress for a while, however long it takes in total.</summary>
internal sealed class IdleTimer : IDisposable
{
    /// <summary>How many bytes of an answer count as progress. A server that trickles less would occupy a worker for ever.</summary>
    private const int LeastBytes = 8 * 1024;

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private int _received;
    private long _runsSince;
    private TimeSpan _passed;
    private bool _isPaused;

    public IdleTimer(TimeSpan timeout, TimeProvider time, CancellationToken caller)
    {
        _timeout = timeout;
        _time = time;
        _runsSince = time.GetTimestamp();
        _source = new CancellationTokenSource(timeout, time);
        _caller = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    /// <summary>Cancelled with the caller's token, or after too long without progress.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Notes progress: the time starts over.</summary>
    public void Touch() => Run(TimeSpan.Zero);

    /// <summary>
    /// Stops the time while this side is the one to act, until the next <see cref="Touch"/> or
    /// <see cref="Resume"/>.
    /// </summary>
    public void Pause()
    {
        if (_isPaused)
            return;
        _isPaused = true;
        _passed += _time.GetElapsedTime(_runsSince);
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lets the time continue from where it stopped, when the server is to act again.</summary>
    public void Resume()
    {
        if (_isPaused)
            Run(_passed);
    }

    /// <summary>Notes bytes of an answer: the time starts over once there are enough.</summary>
    public void Received(int bytes)
    {
        _received += bytes;
        if (_received < LeastBytes)
            return;
        _received = 0;
        Touch();
    }

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }

    private void Run(TimeSpan passed)
    {
        (_isPaused, _passed, _runsSince) = (false, passed, _time.GetTimestamp());
        var isEndless = _timeout == Timeout.InfiniteTimeSpan;
        _source.CancelAfter(isEndless ? _timeout : passed < _timeout ? _timeout - passed : TimeSpan.Zero);
    }
}
