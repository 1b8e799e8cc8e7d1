namespace DicomFunctions.Local.Engine;

/// <summary>
/// Makes journals durable in rounds. A request during a round joins the next one, so that all events of a round share a sync, which costs
/// far more than any event.
/// </summary>
/// <param name="syncEffects">Called in each round before anything is written.</param>
/// <param name="interval">How long a request that is not urgent may wait.</param>
internal sealed class JournalFlusher(Func<Task>? syncEffects, TimeSpan interval) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private HashSet<Journal> _requested = [];
    private HashSet<Journal> _round = [];
    private Timer? _timer;
    private bool _isTimerSet;
    private bool _isUrgent;
    private bool _isRunning;
    private bool _isDisposed;
    private TaskCompletionSource? _whenIdle;

    /// <summary>Requests a flush of a journal: in a round that starts at once, or in the next one.</summary>
    public void Request(Journal journal, bool isUrgent)
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _requested.Add(journal);
            _isUrgent |= isUrgent;
            if (_isRunning)
                return;
            if (isUrgent)
                Start();
            else
                SetTimer();
        }
    }

    /// <summary>Flushes the remaining lines, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        Task idle;
        lock (_lock)
        {
            _isUrgent = true;
            _whenIdle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            idle = _whenIdle.Task;
            if (!_isRunning)
                Start();
        }

        await idle.ConfigureAwait(false);
        lock (_lock)
            _isDisposed = true;
        if (_timer is not null)
            await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private void Start()
    {
        _isRunning = true;
        ThreadPool.UnsafeQueueUserWorkItem(static me => _ = me.RunAsync(), this, preferLocal: false);
    }

    private void SetTimer()
    {
        if (_isTimerSet)
            return;
        _isTimerSet = true;
        // On the system's clock, not the workflows': it bounds what a crash can undo.
        _timer ??= new Timer(static me => ((JournalFlusher)me!).OnTimer(), this, Timeout.Infinite, Timeout.Infinite);
        _timer.Change(interval, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _isTimerSet = false;
            _isUrgent = true;
            if (!_isRunning)
                Start();
        }
    }

    private async Task RunAsync()
    {
        while (TryBeginRound())
        {
            foreach (var journal in _round)
                journal.Prepare();
            try
            {
                // After the lines are taken: lines taken later may have effects later than this.
                if (syncEffects is not null && _round.Count > 0)
                    await syncEffects().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                foreach (var journal in _round)
                    journal.Fail(exception);
                continue;
            }

            foreach (var journal in _round)
                journal.Flush();
        }
    }

    private bool TryBeginRound()
    {
        lock (_lock)
        {
            _round.Clear();
            if (_isUrgent && _requested.Count > 0)
            {
                _isUrgent = false;
                (_requested, _round) = (_round, _requested);
                return true;
            }

            (_isUrgent, _isRunning) = (false, false);
            if (_requested.Count > 0)
                SetTimer();
            _whenIdle?.TrySetResult();
            return false;
        }
    }
}
