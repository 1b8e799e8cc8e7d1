using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// Whose turn it is among the inputs of one worker: one of them sends and reads at a time, and all they share is touched by that one alone.
/// Whoever waits for something of its own gives the turn back meanwhile. First come, first served.
/// </summary>
internal sealed class WorkerTurn(CancelWatch cancel) : RequestWaits
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _isTaken;

    /// <summary>A cancelled job sends nothing again, and an input that was answered has its record.</summary>
    public override bool TakesLastAnswers => cancel.IsCancelled;

    /// <summary>Takes the turn as soon as nobody else has it.</summary>
    public ValueTask TakeAsync() => TakeAsync(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Takes the turn, for the one that begins the inputs: it goes on in the midst of <see cref="GiveBack"/>, which saves every input a
    /// change of threads.
    /// </summary>
    public ValueTask TakeAtOnceAsync() => TakeAsync(TaskCreationOptions.None);

    public void GiveBack()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out next))
            {
                _isTaken = false;
                return;
            }
        }

        next.SetResult();
    }

    public override async Task AsideAsync(Task wait)
    {
        if (!wait.IsCompletedSuccessfully)
        {
            GiveBack();
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await TakeAsync().ConfigureAwait(false);
        }

        await wait.ConfigureAwait(false);
    }

    private ValueTask TakeAsync(TaskCreationOptions options)
    {
        lock (_lock)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return ValueTask.CompletedTask;
            }

            var turn = new TaskCompletionSource(options);
            _waiting.Enqueue(turn);
            return new ValueTask(turn.Task);
        }
    }
}
