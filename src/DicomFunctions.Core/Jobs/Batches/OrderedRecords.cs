using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// Puts the records of inputs that end in any order in the order of the inputs. The first input without its record writes to the output;
/// those behind it into memory, which is bounded. For one thread at a time: whoever has the worker's turn.
/// </summary>
internal sealed class OrderedRecords(BlockWriter output, BatchTally tally, WorkerTurn turn) : IDisposable
{
    /// <summary>The most bytes held behind the first input. What goes on beyond waits until it is the first.</summary>
    public const int MaxBytesHeld = 1 << 20;

    /// <summary>What an input costs beside its records.</summary>
    private const int PlaceBytes = 256;

    /// <summary>The most inputs under way at once, all but one of which wait.</summary>
    private const int MaxUnended = 256;

    private readonly Queue<RecordPlace> _places = new();
    private int _unended;
    private int _held;

    /// <summary>Whether a further input may be begun.</summary>
    public bool HasRoom => _unended < MaxUnended && !IsFull;

    private bool IsFull => _held + (PlaceBytes * _places.Count) >= MaxBytesHeld;

    /// <summary>A place behind all others.</summary>
    public RecordPlace Append()
    {
        var place = new RecordPlace(this);
        _places.Enqueue(place);
        _unended++;
        if (_places.Count == 1)
            place.MoveTo(output, tally);
        return place;
    }

    /// <summary>All records of a place are written: those behind it move up.</summary>
    public async ValueTask EndAsync(RecordPlace place)
    {
        place.IsEnded = true;
        _unended--;
        while (_places.TryPeek(out var first) && first.IsEnded)
        {
            _places.Dequeue();
            if (_places.TryPeek(out var next))
                next.MoveTo(output, tally);
            // Not to be cut short: what has been done has its record.
            await output.FlushIfFullAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Counts what a place behind the first takes of the memory.</summary>
    public void Hold(int bytes) => _held += bytes;

    /// <summary>Makes room for a place to go on writing; where that is behind the first and too much is held, by waiting until it is the first.</summary>
    public ValueTask MakeRoomAsync(RecordPlace place, CancellationToken cancellationToken) =>
        place.IsFirst ? output.FlushIfFullAsync(cancellationToken)
        : IsFull ? new ValueTask(turn.AsideAsync(place.WhenFirst.WaitAsync(cancellationToken)))
        : ValueTask.CompletedTask;

    public void Dispose()
    {
        foreach (var place in _places)
            place.Dispose();
        _places.Clear();
    }
}
