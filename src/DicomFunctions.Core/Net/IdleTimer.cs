namespace DicomFunctions.Core.Net;

/// <summary>Cancels a request that has not got on for a while, however long it takes in all.</summary>
internal sealed class IdleTimer : IDisposable
{
    /// <summary>What counts as getting on in an answer. Less of it, again and again, would hold a worker for ever.</summary>
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

    /// <summary>Cancelled by the caller's token, or when idle for too long.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Something happened: the time starts over.</summary>
    public void Touch() => Run(TimeSpan.Zero);

    /// <summary>
    /// It is this side that keeps the request from getting on: no time passes until the next <see cref="Touch"/> or
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

    /// <summary>It is the other side's turn again: the time goes on from where it stopped.</summary>
    public void Resume()
    {
        if (_isPaused)
            Run(_passed);
    }

    /// <summary>Bytes of an answer came: the time starts over once they are enough.</summary>
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
