using System.Globalization;
using CsvHelper;

namespace DicomFunctions.Core.Tables;

/// <summary>Writes a table as CSV: RFC 4180, UTF-8 with a byte order mark, dates and times as ISO 8601 writes them.</summary>
internal sealed class CsvTable : ITableWriter
{
    private const int SendSize = 64 * 1024;

    private readonly DeferredStream _output;
    private readonly CsvWriter _csv;
    private readonly bool _isRaw;

    public CsvTable(IReadOnlyList<TableColumn> columns, bool isRaw, DeferredStream output)
    {
        (_isRaw, _output) = (isRaw, output);
        _csv = CsvWriter.Create(output, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true);
        foreach (var column in columns)
            _csv.WriteField(column.Name);
        _csv.EndRecord();
    }

    public async ValueTask WriteAsync(Cell[] row, CancellationToken cancellationToken)
    {
        foreach (var cell in row)
            _csv.WriteField(cell.Text is { } text ? Write(cell.Type, text) : null);
        _csv.EndRecord();
        if (_output.Pending >= SendSize)
            await _output.SendAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken) =>
        await _csv.FlushAsync(cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _csv.DisposeAsync();

    private string Write(CellType type, string text) => type switch
    {
        CellType.Text => _isRaw ? text : FormulaGuard.Defuse(text),
        CellType.Date => CellTypes.ToDate(text).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        CellType.Time => CellTypes.ToTime(text).ToString("HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        CellType.Timestamp => CellTypes.ToTimestamp(text).ToString("yyyy-MM-dd HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
        _ => text,
    };
}
