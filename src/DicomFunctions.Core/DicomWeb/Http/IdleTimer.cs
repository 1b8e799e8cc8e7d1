namespace DicomFunctions.Core.DicomWeb.Http;

/// <summary>Cancels a request on which nothing has happened for a while, however long it takes in all.</summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _caller;
    private readonly TimeSpan _timeout;

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

    public void Dispose()
    {
        _caller.Dispose();
        _source.Dispose();
    }
}
