using System.Runtime.ExceptionServices;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// One worker's run: begins inputs one after the other, and while one waits for its retry goes on with later ones, one request at a time.
/// Records keep the order of the inputs, without a gap, whatever ends the run.
/// </summary>
internal sealed class WorkerRun : IAsyncDisposable
{
    private readonly RunLimit _limit;
    private readonly CancelWatch _cancel;
    private readonly WorkerTurn _turn;
    private readonly OrderedRecords _records;
    private readonly CancellationTokenSource _stop;
    private readonly Dictionary<string, Task> _lastOf = new(StringComparer.Ordinal);
    private TaskCompletionSource? _change;
    private ExceptionDispatchInfo? _failure;
    private bool _hasTurn;
    private int _underWay;

    public WorkerRun(BlockWriter output, BatchTally tally, RunLimit limit, CancelWatch cancel)
    {
        (_limit, _cancel) = (limit, cancel);
        _turn = new WorkerTurn(cancel);
        _records = new OrderedRecords(output, tally, _turn);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel.Token);
    }

    /// <summary>Cancelled when the run has failed, the job is cancelled, or the host stops.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether what has not been begun is not to be.</summary>
    public bool IsBrokenOff => _failure is not null || _cancel.IsCancelled;

    /// <summary>What the calling method sends, and has others send, waits by this run's turns.</summary>
    public void Enter() => _turn.Enter();

    /// <summary>
    /// Waits until another input may be begun. True: the caller has the turn until it begins one. False: no further input is to be begun.
    /// </summary>
    public async ValueTask<bool> TryTakeTurnAsync(CancellationToken cancellationToken)
    {
        await TakeTurnAsync().ConfigureAwait(false);
        while (_failure is null && !_records.HasRoom)
            await ChangeAsync().ConfigureAwait(false);
        if (_failure is not null || _limit.IsReached || await _cancel.IsCancelledAsync(cancellationToken).ConfigureAwait(false))
            return false;
        _limit.Begin();
        return true;
    }

    /// <summary>Waits for the turn, to go on with an input that <see cref="TryTakeTurnAsync"/> allowed.</summary>
    public async ValueTask TakeTurnAsync()
    {
        if (_hasTurn)
            return;
        await _turn.TakeAtOnceAsync().ConfigureAwait(false);
        _hasTurn = true;
    }

    /// <summary>Begins work, which has the turn until it ends or waits. Where it runs without waiting, it is done when this returns.</summary>
    /// <param name="work">Writes the records.</param>
    /// <param name="keys">Work that has one of these in common keeps its order.</param>
    public void Begin(Func<RecordPlace, ValueTask> work, IReadOnlyCollection<string>? keys = null)
    {
        _hasTurn = false;
        _underWay++;
        _ = WorkAsync(_records.Append(), work, keys ?? []);
    }

    /// <summary>Waits, while others are worked.</summary>
    public Task AsideAsync(Task wait) => _turn.AsideAsync(wait);

    /// <summary>Waits until all that was begun has ended, and throws what made it fail.</summary>
    public async ValueTask CompleteAsync()
    {
        await TakeTurnAsync().ConfigureAwait(false);
        while (_underWay > 0)
            await ChangeAsync().ConfigureAwait(false);
        _failure?.Throw();
    }

    /// <summary>Breaks off what is under way, and waits for it: nothing of it writes any more.</summary>
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
        catch (Exception exception)
        {
            // That something was broken off says less than what made it so.
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

    /// <summary>Waits until some work has ended.</summary>
    private Task ChangeAsync() =>
        _turn.AsideAsync((_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
}
