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
internal sealed class Instance
{
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly InstanceHost _host;
    private readonly InstanceQueue _queue;
    private readonly Dictionary<int, Call> _underWay = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TurnStart _start;
    private Turn? _turn;
    private Journal? _journal;
    private Journal? _nextJournal;
    private DateTimeOffset _lastEvent;
    private JobProgress? _progress;
    private int _delivered;
    private int _failures;
    private volatile bool _isOver;

    public Instance(InstanceHost host, TurnStart start)
    {
        (_host, _start, _lastEvent, _progress) = (host, start, start.At, start.Progress);
        _queue = new InstanceQueue(Deliver);
    }

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
        var journal = new Journal(_host.Files.JournalOf(Id, 0), 0, _host.Flusher, exception =>
        {
            if (!_started.TrySetException(exception))
                OnJournalFailed(exception);
        });
        journal.Append(_start, () =>
        {
            _started.TrySetResult();
            _queue.Post(() => BeginTurn(_start, journal, []));
        });
        return _started.Task;
    }

    /// <summary>Goes on from what is on disk.</summary>
    public void Resume(JournalContent content)
    {
        _started.TrySetResult();
        _queue.Post(() => Resume(content, isFirst: true));
    }

    /// <summary>What its status would be once it is resumed: the turn's code is run over its journal, and nothing is begun.</summary>
    public WorkflowStatus StatusAfter(IReadOnlyList<JournalEvent> history)
    {
        using var turn = new Turn(this, _start);
        turn.Replay(_host.Catalog, history);
        return Status;
    }

    /// <summary>Ends the instance from outside. False when it has ended already.</summary>
    public async Task<bool> TerminateAsync(string reason)
    {
        await _started.Task.ConfigureAwait(false);
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Post(() =>
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

    /// <summary>Ends it because its journal cannot be read.</summary>
    public void Fail(string reason)
    {
        _started.TrySetResult();
        _queue.Post(() => End(WorkflowState.Failed, reason, isDamaged: true));
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
    /// <param name="call">The call.</param>
    /// <param name="isResumed">It was made before the engine, or the instance, started over.</param>
    public void Begin(Call call, bool isResumed)
    {
        if (call.Activity is not null)
        {
            lock (_lock)
                _underWay[call.Number] = call;
        }

        if (call.Activity is null)
            Wait(call, isResumed ? call.Delay.LeftAt(_host.Clock.GetUtcNow()) : call.Delay.Length);
        else if (call.IsRepeatable)
            _host.Pump.Enqueue(this, call);
        else
            _journal?.WhenDurable(() => _host.Pump.Enqueue(this, call));
    }

    /// <summary>Called by the turn: the workflow told how far it is, counting the call whose outcome it has just been given.</summary>
    public void Report(JobProgress progress)
    {
        lock (_lock)
        {
            _progress = progress;
            _underWay.Remove(_delivered);
        }
    }

    /// <summary>Called by the turn: it may be over, though no event came.</summary>
    public void Look(Turn turn) => _queue.Post(() => Settle(turn));

    /// <summary>Keeps what became of a call, and passes it on.</summary>
    public void Complete(Call call, JournalEventKind kind, string? content)
    {
        bool isMine;
        lock (_lock)
        {
            if (_isOver || call.Turn != _turn || _journal is null)
                return;
            var now = _host.Clock.GetUtcNow();
            _lastEvent = now > _lastEvent ? now : _lastEvent;
            var @event = new JournalEvent { Kind = kind, Call = call.Number, Activity = call.Activity, At = _lastEvent, Content = content };
            var mayBeReady = call.IsRepeatable && kind is JournalEventKind.Completed;
            isMine = _queue.Add(call.Turn, @event, mayBeReady, _journal);
        }

        if (isMine)
            _queue.Run();
    }

    private void Wait(Call call, TimeSpan length) =>
        _host.After(length, () => Complete(call, JournalEventKind.Elapsed, null), call.Turn.Over);

    private void Deliver(Turn turn, JournalEvent @event)
    {
        if (turn != _turn)
            return;
        _delivered = @event.Call;
        turn.Deliver(@event);
        lock (_lock)
            _underWay.Remove(@event.Call);
        Settle(turn);
    }

    private void Resume()
    {
        try
        {
            if (_host.Files.ReadJournal(Id) is { } content)
                Resume(content, isFirst: false);
        }
        catch (JournalCorruptException exception)
        {
            End(WorkflowState.Failed, exception.Message, isDamaged: true);
        }
        catch (ObjectStoreException exception)
        {
            StartOver(exception);
        }
    }

    private void Resume(JournalContent content, bool isFirst)
    {
        if (isFirst && content.Events.Count > 0)
            _host.Log.Resumed(Id, content.Start.Turn, content.Events.Count);
        var path = _host.Files.JournalOf(Id, content.Start.Turn);
        BeginTurn(content.Start, new Journal(path, content.Length, _host.Flusher, OnJournalFailed), content.Events, isResumed: true);
    }

    private void BeginTurn(TurnStart start, Journal journal, IReadOnlyList<JournalEvent> history, bool isResumed = false)
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

        turn.Run(_host.Catalog, history, isResumed);
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
        var at = TurnStart.NextMoment(_lastEvent, _host.Clock.GetUtcNow());
        var start = _start with { Turn = _start.Turn + 1, At = at, Progress = _progress, State = state };
        var next = _nextJournal = new Journal(_host.Files.JournalOf(Id, start.Turn), 0, _host.Flusher, OnJournalFailed);
        next.Append(start, () => _queue.Post(() =>
        {
            if (_isOver || _nextJournal != next)
                return;
            _nextJournal = null;
            _failures = 0;
            old?.Delete();
            BeginTurn(start, next, []);
        }));
    }

    private ObjectStoreException? End(WorkflowState state, string? failure, bool isDamaged = false)
    {
        if (_isOver)
            return null;
        var old = LeaveTurn();
        WorkflowStatus status;
        lock (_lock)
            status = StatusAs(state, failure) with { UpdatedAt = _host.Clock.GetUtcNow() };
        try
        {
            _host.Files.WriteEnded(status);
            _nextJournal?.Delete();
            if (old is not null)
                old.Delete();
            else if (isDamaged)
                SetAside();
            else
                _host.Files.DeleteJournals(Id);
        }
        catch (ObjectStoreException exception)
        {
            StartOver(exception);
            return exception;
        }

        lock (_lock)
            _isOver = true;
        _host.Remove(this);
        _host.Log.Ended(Id, state, failure);
        _ended.TrySetResult();
        return null;
    }

    private void SetAside()
    {
        try
        {
            foreach (var path in _host.Files.SetAside(Id))
                _host.Log.SetAside(Id, path);
        }
        catch (ObjectStoreException exception)
        {
            // The instance has ended all the same. The next start finds what is left as this one did.
            _host.Log.NotSetAside(Id, exception.Message);
        }
    }

    /// <summary>Makes the turn nobody's, and gives its journal.</summary>
    private Journal? LeaveTurn()
    {
        Turn? turn;
        Journal? journal;
        lock (_lock)
        {
            (turn, journal, _turn, _journal) = (_turn, _journal, null, null);
            _queue.ClearEvents();
            _underWay.Clear();
        }

        turn?.Dispose();
        return journal;
    }

    private void OnJournalFailed(Exception exception) => _queue.Post(() => StartOver(exception));

    private void StartOver(Exception exception)
    {
        if (_isOver)
            return;
        LeaveTurn()?.Close();
        _nextJournal?.Close();
        _nextJournal = null;
        var delay = TimeSpan.FromSeconds(Math.Min(MaxRetryDelay.TotalSeconds, Math.Pow(2, _failures++)));
        _host.Log.StartsOver(Id, FailureText.Of(exception), delay);
        _host.After(
            delay,
            () => _queue.Post(() =>
            {
                if (_turn is null && _nextJournal is null && !_isOver)
                    Resume();
            }),
            _host.Stopping);
    }

    private WorkflowStatus StatusAs(WorkflowState state, string? failure) => new()
    {
        InstanceId = Id,
        Name = _start.Workflow,
        State = state,
        CreatedAt = _start.CreatedAt,
        UpdatedAt = _lastEvent,
        Progress = Progress(),
        Failure = failure,
    };

    /// <summary>What the workflow told, and what the activities under way have done since.</summary>
    private JobProgress? Progress()
    {
        if (_progress is not { } progress)
            return null;
        foreach (var call in _underWay.Values)
        {
            if (call.Progress is { } live)
                progress = progress with { Succeeded = progress.Succeeded + live.Succeeded, Failed = progress.Failed + live.Failed };
        }

        return progress;
    }
}
