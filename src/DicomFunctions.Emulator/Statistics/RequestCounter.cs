namespace DicomFunctions.Emulator.Statistics;

/// <summary>How many requests there were and how many were worked on at once. Safe to read while they are counted.</summary>
public sealed class RequestCounter
{
    private long _count;
    private int _inFlight;
    private int _maxInFlight;

    /// <summary>Requests begun since the start or the last reset.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Requests being worked on now.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>The most that were worked on at the same time.</summary>
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
            {
                return;
            }

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
