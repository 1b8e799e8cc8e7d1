using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>
/// Writes records in the order of their inputs, which end in any order. The first unfinished input writes to the output, and those behind
/// it to memory, which is limited. Not thread-safe: only whoever has the worker's turn may use it.
/// </summary>
internal sealed class OrderedRecords(BlockWriter output, BatchTally tally, WorkerTurn turn) : IDisposable
{
    /// <summary>The most bytes held behind the first input. An input that has more to write waits until it is first.</summary>
    public const int MaxBytesHeld = 1 << 20;

    /// <summary>The memory an input takes besides its records, in bytes.</summary>
    private const int PlaceBytes = 256;

    /// <summary>The most unfinished inputs at once, all but one of which wait.</summary>
    private const int MaxUnended = 256;

    private readonly Queue<RecordPlace> _places = new();
    private int _unended;
    private int _held;

    /// <summary>Whether another input may begin.</summary>
    public bool HasRoom => _unended < MaxUnended && !IsFull;

    private bool IsFull => _held + (PlaceBytes * _places.Count) >= MaxBytesHeld;

    /// <summary>Appends a place behind all others.</summary>
    public RecordPlace Append()
    {
        var place = new RecordPlace(this);
        _places.Enqueue(place);
        _unended++;
        if (_places.Count == 1)
            place.MoveTo(output, tally);
        return place;
    }

    /// <summary>Ends a place whose records are all written; those behind it move up.</summary>
    public async ValueTask EndAsync(RecordPlace place)
    {
        place.IsEnded = true;
        _unended--;
        while (_places.TryPeek(out var first) && first.IsEnded)
        {
            _places.Dequeue();
            if (_places.TryPeek(out var next))
                next.MoveTo(output, tally);
            // Not cancelled: the record of a finished input must be written.
            await output.FlushIfFullAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Counts the memory of a place behind the first.</summary>
    public void Hold(int bytes) => _held += bytes;

    /// <summary>Makes room for a place to continue. If it is behind the first and too much is held, waits until it is first.</summary>
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
