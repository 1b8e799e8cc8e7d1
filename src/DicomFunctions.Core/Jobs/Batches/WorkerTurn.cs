using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// Lets the inputs of one worker take turns: only the one whose turn it is sends, reads and touches what they share. An input that waits
/// for something else gives the turn back meanwhile. First come, first served.
/// </summary>
internal sealed class WorkerTurn(CancelWatch cancel) : RequestWaits
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _isTaken;

    /// <summary>A cancelled job sends no retries, and the record of an input that waits for one has its last answer.</summary>
    public override bool TakesLastAnswers => cancel.IsCancelled;

    /// <summary>Takes the turn once nobody else has it.</summary>
    public ValueTask TakeAsync() => TakeAsync(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Takes the turn for the loop that begins the inputs. It continues within <see cref="GiveBack"/>, which saves a change of threads for
    /// every input.
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
