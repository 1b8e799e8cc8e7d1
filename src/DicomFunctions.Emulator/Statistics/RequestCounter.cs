namespace DicomFunctions.Emulator.Statistics;

/// <summary>How many requests began and how many were in flight at once. Safe to read while requests are counted.</summary>
public sealed class RequestCounter
{
    private long _count;
    private int _inFlight;
    private int _maxInFlight;

    /// <summary>Requests that began since the start or the last reset.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Requests in flight now.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>The most requests in flight at the same time, since the start or the last reset.</summary>
    public int MaxInFlight => Volatile.Read(ref _maxInFlight);

    internal void Begin()
    {
        Interlocked.Increment(ref _count);
        var now = Interlocked.Increment(ref _inFlight);
        var max = MaxInFlight;
        while (now > max)
        {
            var seen = Interlocked.CompareExchange(ref _maxInFlight, now, max);
            if (seen == max)
                return;

            max = seen;
        }
    }

    internal void End() => Interlocked.Decrement(ref _inFlight);

    internal void Reset()
    {
        Interlocked.Exchange(ref _count, 0);
        Interlocked.Exchange(ref _maxInFlight, InFlight);
    }
}
