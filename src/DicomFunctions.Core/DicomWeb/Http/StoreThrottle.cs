namespace DicomFunctions.Core.DicomWeb.Http;

/// <summary>
/// The pace of all requests of this process to one store. Unlimited until the server says 429 or 503; then half of what was being
/// sent, cut down to half again while it goes on saying so (multiplicative decrease), and regained step by step while it answers
/// (additive increase).
/// </summary>
/// <remarks>
/// Quotas are per project, region and minute, so one refused request speaks for all: slowing only that one keeps the others failing.
/// But a large service refuses one request in some hundred in its best hours: what is once limited is cut by the share that is refused,
/// and not at all where that is tiny, or a fast job would be slowed for ever.
/// </remarks>
internal sealed class StoreThrottle(TimeProvider time)
{
    private const double Floor = 0.5;
    private const double DecreaseFactor = 0.5;

    /// <summary>Refusals up to this share of the answers say nothing of the pace; each hundredth above it costs five of it.</summary>
    private const double TolerableShare = 0.02;
    private const double CutPerShare = 5;

    private static readonly TimeSpan Epoch = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private volatile bool _limited;
    private double _rate;
    private double _ceiling;
    private long _nextSlot;
    private long _lastDecrease;
    private long _lastJudged;
    private double _answers;
    private double _refusals;
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
            _answers++;
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
            if (!_limited)
                (_answers, _refusals) = (0, 0); // Of another day.
            _refusals++;
            // Requests already under way when the pace was cut are refused too: one cut answers for all of them.
            if (!_limited || time.GetElapsedTime(_lastJudged, now) >= Epoch)
            {
                var factor = _limited ? Factor() : DecreaseFactor;
                if (factor < 1)
                {
                    _ceiling = _limited ? _rate : Math.Max(Observed(now), 2 * Floor);
                    _rate = Math.Max(Floor, _ceiling * factor);
                    _lastDecrease = now;
                    _limited = true;
                }

                // What was counted so far goes on to count, half as much each time: few answers alone say little.
                (_lastJudged, _answers, _refusals) = (now, _answers / 2, _refusals / 2);
            }

            if (retryAfter is { } pause && pause > TimeSpan.Zero)
                _nextSlot = Math.Max(_nextSlot, now + ToTicks(pause));
        }
    }

    /// <summary>By how much the share refused of late cuts the pace; 1: not at all.</summary>
    private double Factor()
    {
        var share = _refusals / (_refusals + _answers);
        return Math.Clamp(1 - (CutPerShare * (share - TolerableShare)), DecreaseFactor, 1);
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
