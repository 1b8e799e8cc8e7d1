namespace DicomFunctions.Local.Engine;

/// <summary>
/// The pending work of an instance, processed by one thread at a time: steps first, then events in the order they were added, each once it
/// is ready.
/// </summary>
/// <param name="deliver">Called with each event to deliver.</param>
internal sealed class InstanceQueue(Action<Turn, JournalEvent> deliver)
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _steps = new();
    private readonly Queue<Entry> _events = new();
    private int _unready;
    private bool _isRunning;

    /// <summary>Adds a step, to be run on a pool thread.</summary>
    public void Post(Action step)
    {
        lock (_lock)
        {
            _steps.Enqueue(step);
            RunElsewhere();
        }
    }

    /// <summary>
    /// Adds an event and journals it. The event is ready at once if that is allowed and no earlier event is waiting: events are delivered
    /// in the order of the journal.
    /// </summary>
    /// <param name="turn">The turn it belongs to.</param>
    /// <param name="event">The event.</param>
    /// <param name="mayBeReady">Whether it may be delivered before it is durable.</param>
    /// <param name="journal">The journal to write it to.</param>
    /// <returns>Whether the caller must call <see cref="Run"/> after releasing its locks.</returns>
    public bool Add(Turn turn, JournalEvent @event, bool mayBeReady, Journal journal)
    {
        lock (_lock)
        {
            var entry = new Entry(turn, @event) { IsReady = mayBeReady && _unready == 0 };
            _events.Enqueue(entry);
            // Before anyone can deliver it: what follows from it may have to wait until it is durable.
            journal.Append(@event, entry.IsReady ? null : () => MakeReady(entry));
            if (!entry.IsReady)
                _unready++;
            if (!entry.IsReady || _isRunning)
                return false;
            _isRunning = true;
            return true;
        }
    }

    /// <summary>Discards all events, because their turn is over.</summary>
    public void ClearEvents()
    {
        lock (_lock)
        {
            foreach (var entry in _events)
                entry.IsForgotten = true;
            _events.Clear();
            _unready = 0;
        }
    }

    /// <summary>Processes the pending work on the calling thread.</summary>
    public void Run()
    {
        while (true)
        {
            Action? step;
            Entry? entry = null;
            lock (_lock)
            {
                if (!_steps.TryDequeue(out step))
                {
                    if (!_events.TryPeek(out entry) || !entry.IsReady)
                    {
                        _isRunning = false;
                        return;
                    }

                    _events.Dequeue();
                }
            }

            if (step is not null)
                step();
            else
                deliver(entry!.Turn, entry.Event);
        }
    }

    private void MakeReady(Entry entry)
    {
        lock (_lock)
        {
            if (entry.IsForgotten)
                return;
            entry.IsReady = true;
            _unready--;
            RunElsewhere();
        }
    }

    private void RunElsewhere()
    {
        if (_isRunning)
            return;
        _isRunning = true;
        ThreadPool.UnsafeQueueUserWorkItem(static me => me.Run(), this, preferLocal: false);
    }

    private sealed class Entry(Turn turn, JournalEvent @event)
    {
        public Turn Turn => turn;

        public JournalEvent Event => @event;

        public bool IsReady { get; set; }

        public bool IsForgotten { get; set; }
    }
}
