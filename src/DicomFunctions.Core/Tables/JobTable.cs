using System.Runtime.CompilerServices;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Tables;

/// <summary>A job's records as a table, whose columns are known.</summary>
internal sealed class JobTable
{
    private readonly TableRows _rows;
    private readonly TableColumns _columns;
    private readonly long _count;

    private JobTable(TableRows rows, TableColumns columns, long count) => (_rows, _columns, _count) = (rows, columns, count);

    /// <summary>Reads all rows, to learn the columns.</summary>
    internal static async Task<JobTable> OpenAsync(TableRows rows, TableColumns columns, CancellationToken cancellationToken)
    {
        var count = 0L;
        await foreach (var row in rows.ReadAsync(outcomeFirst: false, cancellationToken).ConfigureAwait(false))
        {
            if (row.IsOfTable)
                count++;
            if (row.HasDataSet)
                columns.Learn(row.DataSet.Span);
            else
                columns.Learn(row.Outcome!);
        }

        columns.Complete();
        return new JobTable(rows, columns, count);
    }

    /// <summary>Writes the table. Memory depends on the number of columns and on the largest row, not on the number of rows.</summary>
    /// <param name="format">The format.</param>
    /// <param name="isRaw">Whether CSV keeps text that a spreadsheet would run as a formula; otherwise it gets an apostrophe.</param>
    /// <param name="target">Where to write; only asynchronously, and it need not be seekable.</param>
    /// <param name="cancellationToken">Cancels the copying.</param>
    /// <exception cref="ObjectDamagedException">The files changed since they were read first: what was written is not whole.</exception>
    public async Task CopyToAsync(TableFormat format, bool isRaw, Stream target, CancellationToken cancellationToken)
    {
        var output = new DeferredStream(target);
        await using (output.ConfigureAwait(false))
        {
            ITableWriter writer = format == TableFormat.Csv
                ? new CsvTable(_columns.List, isRaw, output)
                : await ParquetTable.CreateAsync(_columns.List, output, cancellationToken).ConfigureAwait(false);
            await using (writer.ConfigureAwait(false))
            {
                await foreach (var row in CellsAsync(cancellationToken).ConfigureAwait(false))
                    await writer.WriteAsync(row, cancellationToken).ConfigureAwait(false);
                await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            }

            await output.SendAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The cells of each row; the array is used again for the next one.</summary>
    private async IAsyncEnumerable<Cell[]> CellsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cells = new Cell[_columns.List.Count];
        var count = 0L;
        await foreach (var row in _rows.ReadAsync(outcomeFirst: true, cancellationToken).ConfigureAwait(false))
        {
            if (!row.IsOfTable)
                continue;
            count++;
            Array.Clear(cells);
            if (row.HasDataSet)
                _columns.Read(row.DataSet.Span, cells);
            _columns.Read(row.Outcome!, cells);
            yield return cells;
        }

        if (count != _count)
            throw TableColumns.Changed();
    }
}
