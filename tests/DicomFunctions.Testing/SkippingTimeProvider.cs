using System.Collections.Concurrent;

namespace DicomFunctions.Testing;

/// <summary>
/// A clock that does not wait: a timer of up to <paramref name="longest"/> fires at once, and the clock is that much later; a longer
/// one, such as a timeout, never fires. Otherwise time goes on as it does.
/// </summary>
public sealed class SkippingTimeProvider(TimeSpan longest) : TimeProvider
{
    private long _skipped;

    /// <summary>The waits that were skipped, in order.</summary>
    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _skipped));

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SkippedTimer(this, callback, state, dueTime);

    private void Skip(TimeSpan time)
    {
        Waits.Enqueue(time);
        Interlocked.Add(ref _skipped, time.Ticks);
    }

    private sealed class SkippedTimer : ITimer
    {
        private readonly SkippingTimeProvider _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;

        public SkippedTimer(SkippingTimeProvider clock, TimerCallback callback, object? state, TimeSpan dueTime)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan || dueTime > _clock._longest)
                return true;
            _clock.Skip(dueTime);
            ThreadPool.UnsafeQueueUserWorkItem(static timer => timer._callback(timer._state), this, preferLocal: false);
            return true;
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => default;
    }

    private readonly TimeSpan _longest = longest;
}
