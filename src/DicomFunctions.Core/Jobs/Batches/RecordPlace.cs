using System.Buffers;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>Where the records of one input, or of several that are sent together, are written.</summary>
internal sealed class RecordPlace(OrderedRecords records) : IBufferWriter<byte>, IDisposable
{
    private BlockWriter? _output;
    private BatchTally? _tally;
    private PooledWriter? _held;
    private List<Record>? _heldRecords;
    private TaskCompletionSource? _whenFirst;

    /// <summary>Whether it writes directly to the output.</summary>
    public bool IsFirst => _output is not null;

    /// <summary>Completes when the place becomes first.</summary>
    public Task WhenFirst => (_whenFirst ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Whether all its records are written.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Total bytes written.</summary>
    public long BytesWritten { get; private set; }

    public void Advance(int count)
    {
        BytesWritten += count;
        if (_output is not null)
            _output.Advance(count);
        else
            _held!.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _output?.GetMemory(sizeHint) ?? Held(sizeHint).GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _output is not null ? _output.GetSpan(sizeHint) : Held(sizeHint).GetSpan(sizeHint);

    /// <summary>Limits the memory in use. Call it between writes.</summary>
    public ValueTask FlushIfFullAsync(CancellationToken cancellationToken) => records.MakeRoomAsync(this, cancellationToken);

    /// <summary>Completes a record.</summary>
    /// <param name="failureCode">A constant of <see cref="Failures.FailureCode"/>; null for a success.</param>
    /// <param name="status">Its status.</param>
    /// <param name="attempts">The number of requests sent for it.</param>
    /// <param name="bytes">Its payload.</param>
    public void Add(string? failureCode, OutcomeStatus status, int attempts, long bytes)
    {
        var record = new Record(failureCode, status, attempts, bytes, _held?.Written.Length ?? 0);
        if (_output is not null)
            Count(record);
        else
            (_heldRecords ??= []).Add(record);
    }

    /// <summary>Makes it the first: moves its records to the output.</summary>
    public void MoveTo(BlockWriter output, BatchTally tally)
    {
        (_output, _tally) = (output, tally);
        var from = 0;
        foreach (var record in _heldRecords ?? [])
        {
            output.Write(_held!.Written[from..record.End]);
            from = record.End;
            Count(record);
        }

        if (_held is not null)
            output.Write(_held.Written[from..]);
        Dispose();
        _whenFirst?.TrySetResult();
    }

    public void Dispose()
    {
        if (_held is null)
            return;
        records.Hold(-_held.Capacity);
        _held.Dispose();
        (_held, _heldRecords) = (null, null);
    }

    private void Count(in Record record)
    {
        _tally!.Add(record.FailureCode, record.Status, record.Attempts, record.Bytes);
        _output!.Mark();
    }

    private PooledWriter Held(int sizeHint)
    {
        _held ??= new PooledWriter();
        var before = _held.Capacity;
        _held.GetSpan(sizeHint);
        records.Hold(_held.Capacity - before);
        return _held;
    }

    private readonly record struct Record(string? FailureCode, OutcomeStatus Status, int Attempts, long Bytes, int End);
}
