namespace DicomFunctions.Core.Net;

/// <summary>Cancels a request that has not got on for a while, however long it takes in all.</summary>
internal sealed class IdleTimer : IDisposable
{
    /// <summary>What counts as getting on in an answer. Less of it, again and again, would hold a worker for ever.</summary>
    private const int LeastBytes = 8 * 1024;

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly TimeSpan _timeout;
    private int _received;

    public IdleTimer(TimeSpan timeout, TimeProvider time, CancellationToken caller)
    {
        _timeout = timeout;
        _source = new CancellationTokenSource(timeout, time);
        _caller = caller.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), _source);
    }

    /// <summary>Cancelled by the caller's token, or when idle for too long.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Something happened: the time starts over.</summary>
    public void Touch() => _source.CancelAfter(_timeout);

    /// <summary>It is this side that keeps the request from getting on: no time passes until the next <see cref="Touch"/>.</summary>
    public void Pause() => _source.CancelAfter(Timeout.InfiniteTimeSpan);

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
}
