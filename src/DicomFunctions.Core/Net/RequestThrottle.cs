using System.Net;

namespace DicomFunctions.Core.Net;

/// <summary>Keeps all requests of this process to one service to the service's pace: <see cref="RequestPace"/>.</summary>
/// <remarks>
/// Quotas are per project, region and minute, so a request that is refused for its quota (429) speaks for all, and its Retry-After holds
/// all of them. A 503 speaks for its own request, and so does its Retry-After, unless most requests are answered so: a large service
/// refuses one request in some hundred in its best hours, and a fast job must not be slowed for that.
/// </remarks>
/// <param name="time">The clock.</param>
/// <param name="watch">Is told of the pace; null if nobody is.</param>
internal sealed class RequestThrottle(TimeProvider time, IPaceWatch? watch = null) : IDisposable
{
    /// <summary>While nothing is amiss, the clock is looked at once in so many answers.</summary>
    private const int Glance = 64;

    /// <summary>Few failures since the last judgement tell nothing against it.</summary>
    private const int FewFailures = 5;

    /// <summary>A wait for a slot looks at the pace this often.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _queue = new(1, 1);
    private readonly RequestPace _pace = new();
    private AnswerCounts _counts;
    private long _answered;
    private long _countedSince = time.GetTimestamp();
    private long _lastSlot;
    private long _pausedUntil;
    private volatile bool _isWatched;
    private volatile bool _isHeld;
    private bool _wasWell;

    /// <summary>Whether the service answers nearly all requests, so that a failure is most likely of its one request.</summary>
    public bool IsWell
    {
        get
        {
            lock (_lock)
                return Counts().AreWell || (_wasWell && _counts.Failed + _counts.Refused <= FewFailures);
        }
    }

    /// <summary>Requests a second that are sent at most: 0 while the service has asked for a pause, null when unlimited.</summary>
    public double? Rate
    {
        get
        {
            lock (_lock)
                return time.GetTimestamp() < _pausedUntil ? 0 : _pace.Rate;
        }
    }

    /// <summary>Completes when the next request may be sent.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken) =>
        _isHeld ? new ValueTask(WaitSlotAsync(cancellationToken)) : ValueTask.CompletedTask;

    /// <summary>Takes the slot that is due. False: it is not due for a while.</summary>
    public bool TryTakeSlot(out TimeSpan wait)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var slot = _pausedUntil;
            if (_pace.Rate is { } rate)
                slot = Math.Max(slot, _lastSlot + (long)(time.TimestampFrequency / rate));
            else if (slot <= now)
                Release();
            wait = time.GetElapsedTime(now, slot);
            if (slot > now)
                return false;
            // Timers are late: the next slot is counted from this one's time, unless that is long ago.
            _lastSlot = Math.Max(slot, now - (time.TimestampFrequency / 20));
            return true;
        }
    }

    /// <summary>A request ended.</summary>
    public void Tell(in RequestOutcome outcome)
    {
        if (outcome.Status.Code == (int)HttpStatusCode.TooManyRequests)
            OnOverQuota(outcome.RetryAfter);
        else if (outcome.Status.Code == (int)HttpStatusCode.ServiceUnavailable)
            OnUnavailable(outcome.RetryAfter);
        else if (outcome.IsTransient)
            OnFailure();
        else if (outcome.Status.Code != 0)
            OnAnswer();
    }

    /// <summary>A request was answered for good.</summary>
    public void OnAnswer()
    {
        if (Interlocked.Increment(ref _answered) % Glance != 0 && !_isWatched)
            return;
        lock (_lock)
            Judge(time.GetTimestamp());
    }

    /// <summary>A request failed in another way than by a refusal, and may be sent again.</summary>
    public void OnFailure()
    {
        lock (_lock)
        {
            var now = Watch();
            _counts.Failed++;
            Judge(now);
        }
    }

    /// <summary>The server said 503.</summary>
    public void OnUnavailable(TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            var now = Watch();
            _counts.Unavailable++;
            if (Counts().IsOutage)
                Pause(now, retryAfter);
            Judge(now);
        }
    }

    /// <summary>The server said 429.</summary>
    public void OnOverQuota(TimeSpan? retryAfter)
    {
        lock (_lock)
        {
            var now = Watch();
            _counts.OverQuota++;
            // What comes during a pause answers requests that were under way when it began.
            var isFirst = now >= _pausedUntil;
            Pause(now, retryAfter);
            if (isFirst && now < _pausedUntil)
            {
                _counts.Pauses++;
                if (_pace.TryPause(time.GetElapsedTime(now, _pausedUntil)))
                    StartOver(_pausedUntil);
            }

            Judge(now);
        }
    }

    public void Dispose() => _queue.Dispose();

    /// <summary>Holds all requests back for as long as the server asks.</summary>
    private void Pause(long now, TimeSpan? retryAfter)
    {
        if (retryAfter is not { } pause || pause <= TimeSpan.Zero)
            return;
        _pausedUntil = Math.Max(_pausedUntil, now + (long)(pause.TotalSeconds * time.TimestampFrequency));
        _isHeld = true;
        watch?.OnSlowed(_pace.Rate, pause);
    }

    private void Release()
    {
        if (_isHeld)
            watch?.OnFullSpeed();
        _isHeld = false;
    }

    /// <summary>The first in the queue waits for its slot; a pace that changes meanwhile changes that.</summary>
    private async Task WaitSlotAsync(CancellationToken cancellationToken)
    {
        await _queue.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!TryTakeSlot(out var wait))
            {
                // A delay is of whole milliseconds, and one of none would be no wait.
                wait = wait < Look ? TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)) : Look;
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _queue.Release();
        }
    }

    /// <summary>From now on every answer is looked at. What was counted long ago, while nothing was amiss, is forgotten.</summary>
    private long Watch()
    {
        var now = time.GetTimestamp();
        if (!_isWatched)
        {
            Judge(now);
            _isWatched = true;
        }

        return now;
    }

    private void Judge(long now)
    {
        var counts = Counts();
        if (now < _countedSince || !_pace.TryJudge(counts, time.GetElapsedTime(_countedSince, now)))
            return;
        _wasWell = counts.AreWell;
        _isWatched = _pace.Rate is not null;
        _isHeld |= _isWatched;
        if (_isWatched)
            watch?.OnSlowed(_pace.Rate, TimeSpan.Zero);
        StartOver(now);
    }

    private AnswerCounts Counts() => _counts with { Answered = Interlocked.Read(ref _answered) };

    private void StartOver(long now)
    {
        _counts = default;
        Interlocked.Exchange(ref _answered, 0);
        _countedSince = now;
    }
}
