using System.Runtime.ExceptionServices;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// A run of one worker. It begins inputs one after another and, while one waits for its retry, continues with later ones, always one
/// request at a time. Records keep the order of the inputs and have no gaps, whatever ends the run.
/// </summary>
internal sealed class WorkerRun : IAsyncDisposable
{
    private readonly RunLimit _limit;
    private readonly CancelWatch _cancel;
    private readonly BatchTally _tally;
    private readonly bool _failsFast;
    private readonly WorkerTurn _turn;
    private readonly OrderedRecords _records;
    private readonly CancellationTokenSource _stop;
    private readonly Dictionary<string, Task> _lastOf = new(StringComparer.Ordinal);
    private TaskCompletionSource? _change;
    private ExceptionDispatchInfo? _failure;
    private bool _hasTurn;
    private bool _isUnfinished;
    private int _underWay;

    public WorkerRun(BlockWriter output, BatchTally tally, RunLimit limit, CancelWatch cancel, bool failsFast = false)
    {
        (_limit, _cancel, _tally, _failsFast) = (limit, cancel, tally, failsFast);
        _turn = new WorkerTurn(cancel);
        _records = new OrderedRecords(output, tally, _turn);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel.Token);
    }

    /// <summary>Cancelled when the run has failed, the job is cancelled, or the host stops.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether no further input may begin because the run has failed or the job is cancelled.</summary>
    public bool IsBrokenOff => _failure is not null || _isUnfinished || _cancel.IsCancelled;

    /// <summary>Whether no further input may begin because one has failed, and the job ends at its first failure.</summary>
    public bool HasFailedFast => _failsFast && _tally.HasFailures;

    /// <summary>Whether a long input should save what it has done and end the run: see <see cref="InputUnfinishedException"/>.</summary>
    public bool IsTimeUp => _limit.IsUsedUp;

    /// <summary>Makes the requests of the calling method, and of what it calls, take turns in this run.</summary>
    public void Enter() => _turn.Enter();

    /// <summary>
    /// Waits until another input may begin. True if the caller has the turn until it begins one; false if no further input may begin.
    /// </summary>
    public async ValueTask<bool> TryTakeTurnAsync(CancellationToken cancellationToken)
    {
        await TakeTurnAsync().ConfigureAwait(false);
        while (_failure is null && !_isUnfinished && !_records.HasRoom)
            await ChangeAsync().ConfigureAwait(false);
        if (_failure is not null
            || _isUnfinished || HasFailedFast || _limit.IsReached
            || await _cancel.IsCancelledAsync(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        _limit.Begin();
        return true;
    }

    /// <summary>Waits for the turn to continue with an input that <see cref="TryTakeTurnAsync"/> allowed.</summary>
    public async ValueTask TakeTurnAsync()
    {
        if (_hasTurn)
            return;
        await _turn.TakeAtOnceAsync().ConfigureAwait(false);
        _hasTurn = true;
    }

    /// <summary>Begins work, which has the turn until it ends or waits. Work that never waits is done when this returns.</summary>
    /// <param name="work">Writes the records.</param>
    /// <param name="keys">Work that shares one of these keeps its order.</param>
    public void Begin(Func<RecordPlace, ValueTask> work, IReadOnlyCollection<string>? keys = null)
    {
        _hasTurn = false;
        _underWay++;
        _ = WorkAsync(_records.Append(), work, keys ?? []);
    }

    /// <summary>Waits for a task while other inputs continue.</summary>
    public Task AsideAsync(Task wait) => _turn.AsideAsync(wait);

    /// <summary>Waits until all work has ended, and throws if any failed.</summary>
    public async ValueTask CompleteAsync()
    {
        await TakeTurnAsync().ConfigureAwait(false);
        while (_underWay > 0)
            await ChangeAsync().ConfigureAwait(false);
        _failure?.Throw();
    }

    /// <summary>Breaks off unfinished work and waits for its end: nothing writes after that.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await TakeTurnAsync().ConfigureAwait(false);
        while (_underWay > 0)
            await ChangeAsync().ConfigureAwait(false);
        _records.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync(RecordPlace place, Func<RecordPlace, ValueTask> work, IReadOnlyCollection<string> keys)
    {
        var ended = keys.Count > 0 ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
        try
        {
            if (ended is not null)
                await FollowAsync(keys, ended.Task).ConfigureAwait(false);
            await work(place).ConfigureAwait(false);
            await _records.EndAsync(place).ConfigureAwait(false);
        }
        catch (InputUnfinishedException)
        {
            _isUnfinished = true;
        }
        catch (Exception exception)
        {
            // A cancellation says less than the failure that caused it.
            if (_failure is null || _failure.SourceException is OperationCanceledException)
                _failure = ExceptionDispatchInfo.Capture(exception);
            await _stop.CancelAsync().ConfigureAwait(false);
        }

        _underWay--;
        if (ended is not null)
            Leave(keys, ended);
        _change?.TrySetResult();
        _change = null;
        _turn.GiveBack();
    }

    private async ValueTask FollowAsync(IReadOnlyCollection<string> keys, Task ended)
    {
        List<Task>? before = null;
        foreach (var key in keys)
        {
            if (_lastOf.TryGetValue(key, out var last))
                (before ??= []).Add(last);
            _lastOf[key] = ended;
        }

        if (before is null)
            return;
        await _turn.AsideAsync(Task.WhenAll(before)).ConfigureAwait(false);
        Token.ThrowIfCancellationRequested();
    }

    private void Leave(IReadOnlyCollection<string> keys, TaskCompletionSource ended)
    {
        foreach (var key in keys)
        {
            if (_lastOf.TryGetValue(key, out var last) && last == ended.Task)
                _lastOf.Remove(key);
        }

        ended.SetResult();
    }

    /// <summary>Waits until any work has ended.</summary>
    private Task ChangeAsync() =>
        _turn.AsideAsync((_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
}
