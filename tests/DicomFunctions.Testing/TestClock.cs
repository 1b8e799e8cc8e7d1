using Microsoft.Extensions.Time.Testing;

namespace DicomFunctions.Testing;

/// <summary>A clock that stands still until a test advances it, and knows which timers are set.</summary>
/// <remarks>
/// A test that advances the clock while the code under test is about to set a timer moves that timer by as much. Wait for
/// <see cref="TimersSet"/> or <see cref="NextTimer"/> first.
/// </remarks>
public sealed class TestClock() : FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 16, 53, TimeSpan.Zero))
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Timer, DateTimeOffset> _due = [];
    private int _timersSet;

    /// <summary>Time until the next timer fires; null when none is set.</summary>
    public TimeSpan? NextTimer
    {
        get
        {
            lock (_lock)
                return _due.Count > 0 ? _due.Values.Min() - GetUtcNow() : null;
        }
    }

    /// <summary>How many times a timer was set.</summary>
    public int TimersSet => Volatile.Read(ref _timersSet);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Start(dueTime, period);
        return timer;
    }

    private ITimer CreateFakeTimer(TimerCallback callback) =>
        base.CreateTimer(callback, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private void Note(Timer timer, TimeSpan dueTime)
    {
        lock (_lock)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
                _due.Remove(timer);
            else
                _due[timer] = GetUtcNow() + dueTime;
        }
    }

    private sealed class Timer(TestClock clock, TimerCallback callback, object? state) : ITimer
    {
        private ITimer? _inner;
        private TimeSpan _period;

        public void Start(TimeSpan dueTime, TimeSpan period)
        {
            _inner = clock.CreateFakeTimer(_ => Fire());
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            // Together, so that a test which sees the timer can advance the clock.
            lock (clock._lock)
            {
                clock.Note(this, dueTime);
                if (dueTime != Timeout.InfiniteTimeSpan)
                    clock._timersSet++;
                return _inner!.Change(dueTime, period);
            }
        }

        public void Dispose()
        {
            clock.Note(this, Timeout.InfiniteTimeSpan);
            _inner!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Fire()
        {
            clock.Note(this, _period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
            callback(state);
        }
    }
}
