namespace DicomFunctions.Core.DicomWeb.Http;

/// <summary>
/// The pace of all requests of this process to one store. Unlimited until the server says 429 or 503; then half of what was being
/// sent, halved again each time it says so (multiplicative decrease), and regained step by step while it answers (additive increase).
/// </summary>
/// <remarks>
/// Quotas are per project, region and minute, so one refused request speaks for all: slowing only that one keeps the others failing.
/// </remarks>
internal sealed class StoreThrottle(TimeProvider time)
{
    private const double Floor = 0.5;
    private const double DecreaseFactor = 0.5;
    private static readonly TimeSpan Epoch = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile bool _limited;
    private double _rate;
    private double _ceiling;
    private long _nextSlot;
    private long _lastDecrease;
    private long _lastIncrease;
    private long _countedSince;
    private long _counted;
    private double _observed;

    /// <summary>Requests a second now allowed; null when unlimited.</summary>
    public double? Rate
    {
        get
        {
            lock (_lock)
                return _limited ? _rate : null;
        }
    }

    /// <summary>Completes when the next request may be sent.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        Count();
        return _limited ? new ValueTask(WaitSlotAsync(cancellationToken)) : ValueTask.CompletedTask;
    }

    /// <summary>The server answered, well or badly, but not that it was asked too often.</summary>
    public void OnAnswer()
    {
        if (!_limited)
            return;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (!_limited || time.GetElapsedTime(_lastIncrease, now) < Epoch || time.GetElapsedTime(_lastDecrease, now) < Epoch)
                return;
            _lastIncrease = now;
            // A twentieth of the pace it failed at, every second: back in about ten seconds if the server stays well.
            _rate += Math.Max(1, _ceiling / 20);
            if (_rate >= 2 * _ceiling)
                _limited = false;
        }
    }

    /// <summary>The server said 429 or 503.</summary>
    public void OnRefused(TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            // Requests already under way when the pace was cut are refused too: one cut answers for all of them.
            if (!_limited || time.GetElapsedTime(_lastDecrease, now) >= Epoch)
            {
                _ceiling = _limited ? _rate : Math.Max(Observed(now), 2 * Floor);
                _rate = Math.Max(Floor, _ceiling * DecreaseFactor);
                _lastDecrease = now;
                _limited = true;
            }

            if (retryAfter is { } pause && pause > TimeSpan.Zero)
                _nextSlot = Math.Max(_nextSlot, now + ToTicks(pause));
        }
    }

    private async Task WaitSlotAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            if (!_limited)
                return;
            var now = time.GetTimestamp();
            var slot = Math.Max(_nextSlot, now);
            _nextSlot = slot + (long)(time.TimestampFrequency / _rate);
            wait = time.GetElapsedTime(now, slot);
        }

        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }

    private void Count()
    {
        if (Interlocked.Increment(ref _counted) % 64 != 1)
            return;
        lock (_lock)
            Observed(time.GetTimestamp());
    }

    private double Observed(long now)
    {
        if (_countedSince == 0)
        {
            _countedSince = now;
            return _observed;
        }

        var elapsed = time.GetElapsedTime(_countedSince, now);
        if (elapsed >= Epoch || _observed == 0)
        {
            _observed = Interlocked.Read(ref _counted) / Math.Max(elapsed.TotalSeconds, 0.1);
            if (elapsed >= Epoch)
            {
                _countedSince = now;
                Interlocked.Exchange(ref _counted, 0);
            }
        }

        return _observed;
    }

    private long ToTicks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
