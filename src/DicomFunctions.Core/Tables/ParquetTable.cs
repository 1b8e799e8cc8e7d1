using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace DicomFunctions.Core.Tables;

/// <summary>Writes a table as Parquet, a row group at a time.</summary>
internal sealed class ParquetTable : ITableWriter
{
    // A row group ends at the first of these, so that memory has a bound.
    private const int MaxRows = 64 * 1024;
    private const int MaxCells = 1_000_000;
    private const long MaxTextBytes = 16 << 20;

    private readonly ParquetWriter _writer;
    private readonly ParquetColumn[] _columns;
    private readonly DeferredStream _output;
    private int _rows;
    private long _textBytes;

    private ParquetTable(ParquetWriter writer, ParquetColumn[] columns, DeferredStream output) =>
        (_writer, _columns, _output) = (writer, columns, output);

    public static async Task<ParquetTable> CreateAsync(
        IReadOnlyList<TableColumn> columns, DeferredStream output, CancellationToken cancellationToken)
    {
        ParquetColumn[] buffers = [.. columns.Select(ParquetColumn.Of)];
        var schema = new ParquetSchema(buffers.Select(buffer => buffer.Field));
        return new ParquetTable(
            await ParquetWriter.CreateAsync(schema, output, cancellationToken: cancellationToken).ConfigureAwait(false), buffers, output);
    }

    public async ValueTask WriteAsync(Cell[] row, CancellationToken cancellationToken)
    {
        for (var i = 0; i < row.Length; i++)
            _textBytes += _columns[i].Add(row[i].Text);

        if (++_rows >= MaxRows || (long)_rows * row.Length >= MaxCells || _textBytes >= MaxTextBytes)
            await EndGroupAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_rows > 0)
            await EndGroupAsync(cancellationToken).ConfigureAwait(false);
        // Writes the footer.
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask EndGroupAsync(CancellationToken cancellationToken)
    {
        using (var group = _writer.CreateRowGroup())
        {
            foreach (var column in _columns)
            {
                await column.WriteAsync(group, cancellationToken).ConfigureAwait(false);
                await _output.SendAsync(cancellationToken).ConfigureAwait(false);
            }

            group.CompleteValidate();
            DropTextStatistics(RowGroupOf(group));
        }

        (_rows, _textBytes) = (0, 0);
    }

    /// <summary>
    /// Removes the smallest and the largest text of each column. Parquet.Net keeps them whole until the footer, however long they are, and
    /// compares UTF-16, while readers that skip row groups by them compare UTF-8.
    /// </summary>
    private static void DropTextStatistics(RowGroup group)
    {
        foreach (var column in group.Columns)
        {
            if (column.MetaData is { Type: Parquet.Meta.Type.BYTE_ARRAY } metadata)
                metadata.Statistics = null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_owGroup")]
    private static extern ref RowGroup RowGroupOf(ParquetRowGroupWriter writer);
}
