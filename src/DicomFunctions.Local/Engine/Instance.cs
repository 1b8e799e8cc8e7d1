using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// An instance under way. All that happens to it goes through one queue and is done by one thread at a time: steps (begin a turn,
/// end, start over), and events, in the order in which they are journaled.
/// </summary>
/// <remarks>
/// An event is delivered to the workflow when it is durable, or at once when its activity is repeatable and no event before it
/// waits. If the journal can not be written, the instance goes back to what is on disk, as after a crash, and tries again.
/// </remarks>
internal sealed class Instance(InstanceHost host, TurnStart first)
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<Action> _steps = new();
    private readonly Queue<PendingEvent> _events = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TurnStart _start = first;
    private Turn? _turn;
    private Journal? _journal;
    private Journal? _nextJournal;
    private DateTimeOffset _lastEvent = first.At;
    private JobProgress? _progress = first.Progress;
    private int _failures;
    private int _unready;
    private bool _isRunning;
    private volatile bool _isOver;

    public string Id => _start.InstanceId;

    /// <summary>Calls that wait for the pump, which alone uses this.</summary>
    public Queue<Call> Waiting { get; } = new();

    /// <summary>Completes when the instance has ended, durably.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The instance as it stands.</summary>
    public WorkflowStatus Status
    {
        get
        {
            lock (_lock)
                return StatusAs(_turn is null && _start.Turn == 0 ? WorkflowState.Pending : WorkflowState.Running, null);
        }
    }

    /// <summary>Makes the start of a new instance durable and sets it going. Throws, and nothing is started, when that fails.</summary>
    public Task StartAsync()
    {
        var journal = new Journal(host.Files.JournalOf(Id, 0), 0, host.Flusher, exception =>
        {
            if (!_started.TrySetException(exception))
                OnJournalFailed(exception);
        });
        journal.Append(_start, () =>
        {
            _started.TrySetResult();
            Post(() => BeginTurn(_start, journal, []));
        });
        return _started.Task;
    }

    /// <summary>Goes on from what is on disk.</summary>
    public void Resume(JournalContent content)
    {
        _started.TrySetResult();
        Post(() => Resume(content, isFirst: true));
    }

    /// <summary>Ends the instance from outside. False when it has ended already.</summary>
    public async Task<bool> TerminateAsync(string reason)
    {
        await _started.Task.ConfigureAwait(false);
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            if (_isOver)
                done.TrySetResult(false);
            else if (End(WorkflowState.Terminated, reason) is { } exception)
                done.TrySetException(exception);
            else
                done.TrySetResult(true);
        });
        return await done.Task.ConfigureAwait(false);
    }

    /// <summary>Ends it because it can not go on.</summary>
    public void Fail(string reason)
    {
        _started.TrySetResult();
        Post(() => End(WorkflowState.Failed, reason));
    }

    /// <summary>Stops taking part in anything; what is on disk is gone on with at the next start.</summary>
    public void Stop()
    {
        Journal? journal;
        lock (_lock)
        {
            _isOver = true;
            (journal, _journal) = (_journal, null);
        }

        journal?.Close();
        _started.TrySetException(new InvalidOperationException("The engine is not running."));
        _ended.TrySetCanceled();
    }

    /// <summary>Called by the turn: sets a call going.</summary>
    public void Begin(Call call)
    {
        if (call.Activity is null)
            host.At(call.Due, () => Complete(call, JournalEventKind.Elapsed, null), call.Turn.Over);
        else if (call.IsRepeatable)
            host.Pump.Enqueue(this, call);
        else
            _journal?.WhenDurable(() => host.Pump.Enqueue(this, call));
    }

    /// <summary>Called by the turn: the workflow told how far it is.</summary>
    public void Report(JobProgress progress)
    {
        lock (_lock)
            _progress = progress;
    }

    /// <summary>Called by the turn: it may be over, though no event came.</summary>
    public void Look(Turn turn) => Post(() => Settle(turn));

    /// <summary>Keeps what became of a call, and passes it on.</summary>
    public void Complete(Call call, JournalEventKind kind, string? content)
    {
        lock (_lock)
        {
            if (_isOver || call.Turn != _turn || _journal is null)
                return;
            var now = host.Clock.GetUtcNow();
            _lastEvent = now > _lastEvent ? now : _lastEvent;
            var @event = new JournalEvent { Kind = kind, Call = call.Number, Activity = call.Activity, At = _lastEvent, Content = content };
            // Never past one that waits: the order of delivery is the order of the journal.
            var isReady = call.IsRepeatable && kind is JournalEventKind.Completed && _unready == 0;
            var pending = new PendingEvent(call.Turn, @event) { IsReady = isReady };
            _events.Enqueue(pending);
            _unready += isReady ? 0 : 1;
            _journal.Append(@event, isReady ? null : () => MakeReady(pending));
            if (!isReady || _isRunning)
                return;
            _isRunning = true;
        }

        RunSteps();
    }

    private void MakeReady(PendingEvent pending)
    {
        lock (_lock)
        {
            if (pending.Turn != _turn)
                return;
            pending.IsReady = true;
            _unready--;
            QueueSteps();
        }
    }

    private void Post(Action step)
    {
        lock (_lock)
        {
            _steps.Enqueue(step);
            QueueSteps();
        }
    }

    private void QueueSteps()
    {
        if (_isRunning)
            return;
        _isRunning = true;
        ThreadPool.UnsafeQueueUserWorkItem(static me => me.RunSteps(), this, preferLocal: false);
    }

    private void RunSteps()
    {
        while (true)
        {
            Action? step;
            PendingEvent? pending = null;
            lock (_lock)
            {
                if (!_steps.TryDequeue(out step))
                {
                    if (!_events.TryPeek(out pending) || !pending.IsReady)
                    {
                        _isRunning = false;
                        return;
                    }

                    _events.Dequeue();
                }
            }

            if (step is not null)
            {
                step();
            }
            else if (pending!.Turn == _turn)
            {
                pending.Turn.Deliver(pending.Event);
                Settle(pending.Turn);
            }
        }
    }

    private void Resume()
    {
        try
        {
            if (host.Files.ReadJournal(Id) is { } content)
                Resume(content, isFirst: false);
        }
        catch (JournalCorruptException exception)
        {
            End(WorkflowState.Failed, exception.Message);
        }
        catch (ObjectStoreException exception)
        {
            StartOver(exception);
        }
    }

    private void Resume(JournalContent content, bool isFirst)
    {
        if (isFirst && content.Events.Count > 0)
            host.Log.Resumed(Id, content.Start.Turn, content.Events.Count);
        var path = host.Files.JournalOf(Id, content.Start.Turn);
        BeginTurn(content.Start, new Journal(path, content.Length, host.Flusher, OnJournalFailed), content.Events);
    }

    private void BeginTurn(TurnStart start, Journal journal, IReadOnlyList<JournalEvent> history)
    {
        if (_isOver)
        {
            journal.Close();
            return;
        }

        var turn = new Turn(this, start);
        lock (_lock)
        {
            _start = start;
            _progress = start.Progress ?? _progress;
            _lastEvent = history.Count > 0 ? history[^1].At : start.At;
            _journal = journal;
            _turn = turn;
        }

        turn.Run(host.Catalog, history);
        Settle(turn);
    }

    private void Settle(Turn turn)
    {
        if (turn != _turn || turn.Outcome is not { } outcome)
            return;
        if (!outcome.IsCompletedSuccessfully)
            End(WorkflowState.Failed, FailureText.Of(outcome.Exception?.InnerException ?? new OperationCanceledException()));
        else if (outcome.Result.IsDone)
            End(WorkflowState.Completed, null);
        else
            ContinueAsNew(outcome.Result.State);
    }

    private void ContinueAsNew(string state)
    {
        var old = LeaveTurn();
        var now = host.Clock.GetUtcNow();
        var start = _start with { Turn = _start.Turn + 1, At = now > _lastEvent ? now : _lastEvent, Progress = _progress, State = state };
        var next = _nextJournal = new Journal(host.Files.JournalOf(Id, start.Turn), 0, host.Flusher, OnJournalFailed);
        next.Append(start, () => Post(() =>
        {
            if (_isOver || _nextJournal != next)
                return;
            _nextJournal = null;
            _failures = 0;
            old?.Delete();
            BeginTurn(start, next, []);
        }));
    }

    private ObjectStoreException? End(WorkflowState state, string? failure)
    {
        if (_isOver)
            return null;
        var old = LeaveTurn();
        WorkflowStatus status;
        lock (_lock)
            status = StatusAs(state, failure) with { UpdatedAt = host.Clock.GetUtcNow() };
        try
        {
            host.Files.WriteEnded(status);
            _nextJournal?.Delete();
            if (old is not null)
                old.Delete();
            else
                host.Files.DeleteJournals(Id);
        }
        catch (ObjectStoreException exception)
        {
            StartOver(exception);
            return exception;
        }

        lock (_lock)
            _isOver = true;
        host.Remove(this);
        host.Log.Ended(Id, state, failure);
        _ended.TrySetResult();
        return null;
    }

    /// <summary>Makes the turn nobody's, and gives its journal.</summary>
    private Journal? LeaveTurn()
    {
        Turn? turn;
        Journal? journal;
        lock (_lock)
        {
            (turn, journal, _turn, _journal, _unready) = (_turn, _journal, null, null, 0);
            _events.Clear();
        }

        turn?.Dispose();
        return journal;
    }

    private void OnJournalFailed(Exception exception) => Post(() => StartOver(exception));

    private void StartOver(Exception exception)
    {
        if (_isOver)
            return;
        LeaveTurn()?.Close();
        _nextJournal?.Close();
        _nextJournal = null;
        var delay = TimeSpan.FromSeconds(Math.Min(MaxRetryDelay.TotalSeconds, Math.Pow(2, _failures++)));
        host.Log.StartsOver(Id, FailureText.Of(exception), delay);
        host.At(
            host.Clock.GetUtcNow() + delay,
            () => Post(() =>
            {
                if (_turn is null && _nextJournal is null && !_isOver)
                    Resume();
            }),
            host.Stopping);
    }

    private WorkflowStatus StatusAs(WorkflowState state, string? failure) => new()
    {
        InstanceId = Id,
        Name = _start.Workflow,
        State = state,
        CreatedAt = _start.CreatedAt,
        UpdatedAt = _lastEvent,
        Progress = _progress,
        Failure = failure,
    };

    private sealed class PendingEvent(Turn turn, JournalEvent @event)
    {
        public Turn Turn => turn;

        public JournalEvent Event => @event;

        public bool IsReady { get; set; }
    }
}
