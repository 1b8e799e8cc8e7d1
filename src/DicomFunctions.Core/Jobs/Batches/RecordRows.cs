using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Records;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>Writes the rows of an answer to a record.</summary>
internal sealed class RecordRows(RecordPlace output) : IDicomJsonSink
{
    private const int LongRow = 1 << 20;

    private SearchRecord _record = new(output);

    public SearchRecord Record => _record;

    public bool HasRows { get; private set; }

    public void Begin(ReadOnlySpan<byte> input) => _record.Begin(input);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
    {
        HasRows = true;
        if (dataset.Length > LongRow)
            return WriteLongAsync(dataset, cancellationToken);
        _record.Row(dataset.Span);
        return output.FlushIfFullAsync(cancellationToken);
    }

    /// <summary>Stages a row of many megabytes (inline binary) in pieces, so that it is not held twice.</summary>
    private async ValueTask WriteLongAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
    {
        _record.Row(dataset.Span[..LongRow]);
        for (var at = LongRow; at < dataset.Length; at += LongRow)
        {
            await output.FlushIfFullAsync(cancellationToken).ConfigureAwait(false);
            output.Raw(dataset.Span[at..Math.Min(at + LongRow, dataset.Length)]);
        }

        await output.FlushIfFullAsync(cancellationToken).ConfigureAwait(false);
    }
}
