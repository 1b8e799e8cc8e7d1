using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// A running instance. One queue, processed by one thread at a time, carries everything that happens to it: steps (begin a turn, end, start
/// over), and events in the order of the journal.
/// </summary>
/// <remarks>
/// An event is delivered to the workflow once it is durable, or at once if its activity is repeatable and no earlier event is waiting. If
/// the journal cannot be written, the instance returns to what is on disk, as after a crash, and tries again.
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

    /// <summary>Calls that wait for the pump; only the pump uses this.</summary>
    public Queue<Call> Waiting { get; } = new();

    /// <summary>Completes once the end of the instance is durable.</summary>
    public Task Ended => _ended.Task;

    /// <summary>The current status of the instance.</summary>
    public WorkflowStatus Status
    {
        get
        {
            lock (_lock)
                return StatusAs(_turn is null && _start.Turn == 0 ? WorkflowState.Pending : WorkflowState.Running, null);
        }
    }

    /// <summary>Makes the start of a new instance durable and starts it. If that fails, throws and starts nothing.</summary>
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

    /// <summary>Continues from what is on disk.</summary>
    public void Resume(JournalContent content)
    {
        _started.TrySetResult();
        _queue.Post(() => Resume(content, isFirst: true));
    }

    /// <summary>The status it would have once resumed: runs the turn's code over its journal, and starts nothing.</summary>
    public WorkflowStatus StatusAfter(IReadOnlyList<JournalEvent> history)
    {
        using var turn = new Turn(this, _start);
        turn.Replay(_host.Catalog, history);
        return Status;
    }

    /// <summary>Ends the instance from outside. False if it has already ended.</summary>
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

    /// <summary>Ends the instance because its journal cannot be read.</summary>
    public void Fail(string reason)
    {
        _started.TrySetResult();
        _queue.Post(() => End(WorkflowState.Failed, reason, isDamaged: true));
    }

    /// <summary>Stops all work of the instance; the next start continues from what is on disk.</summary>
    public void Stop()
    {
        Journal? journal;
        lock (_lock)
        {
            _isOver = true;
            (journal, _journal) = (_journal, null);
            _turn?.EndSpan();
        }

        journal?.Close();
        _started.TrySetException(new InvalidOperationException("The engine is not running."));
        _ended.TrySetCanceled();
    }

    /// <summary>Called by the turn: starts a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isResumed">The call was made before the engine or the instance restarted.</param>
    public void Begin(Call call, bool isResumed)
    {
        if (call.Activity is null)
        {
            Wait(call, isResumed ? call.Delay.LeftAt(_host.Time.GetUtcNow()) : call.Delay.Length);
            return;
        }

        lock (_lock)
            _underWay[call.Number] = call;
        if (call.IsRepeatable)
            _host.Pump.Enqueue(this, call);
        else
            _journal?.WhenDurable(() => _host.Pump.Enqueue(this, call));
    }

    /// <summary>Called by the turn: the workflow reports progress, including the call whose outcome it has just received.</summary>
    public void Report(JobProgress progress)
    {
        lock (_lock)
        {
            _progress = progress;
            _underWay.Remove(_delivered);
        }
    }

    /// <summary>Called by the turn: it may be over although no event arrived.</summary>
    public void CheckTurn(Turn turn) => _queue.Post(() => FinishIfOver(turn));

    /// <summary>Journals the outcome of a call, and delivers it.</summary>
    public void Complete(Call call, JournalEventKind kind, string? content)
    {
        bool isMine;
        lock (_lock)
        {
            if (_isOver || call.Turn != _turn || _journal is null)
                return;
            var now = _host.Time.GetUtcNow();
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
        FinishIfOver(turn);
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
        FinishIfOver(turn);
    }

    private void FinishIfOver(Turn turn)
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
        var at = TurnStart.NextMoment(_lastEvent, _host.Time.GetUtcNow());
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
            status = StatusAs(state, failure) with { UpdatedAt = _host.Time.GetUtcNow() };
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
            // The instance has still ended. The next start finds the remaining files as this one did.
            _host.Log.NotSetAside(Id, exception.Message);
        }
    }

    /// <summary>Detaches the turn, and returns its journal.</summary>
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

    /// <summary>The progress that the workflow reported, and that of running activities since.</summary>
    private JobProgress? Progress()
    {
        if (_progress is not { } progress)
            return null;
        foreach (var call in _underWay.Values)
        {
            if (call.Progress is not { } live)
                continue;
            progress = progress with
            {
                Succeeded = progress.Succeeded + live.Succeeded,
                Failed = progress.Failed + live.Failed,
                Failures = FailureCounts.Sum(progress.Failures.Concat(live.Failures)),
            };
        }

        return progress;
    }
}
