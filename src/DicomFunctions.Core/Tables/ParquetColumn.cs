using Parquet;
using Parquet.Schema;

namespace DicomFunctions.Core.Tables;

/// <summary>The values of a column that are not written yet.</summary>
internal abstract class ParquetColumn(DataField target)
{
    public DataField Field => target;

    public static ParquetColumn Of(TableColumn column) => column.Type switch
    {
        CellType.Boolean => new ParquetValues<bool>(new DataField(column.Name, typeof(bool), isNullable: true), text => text == "true"),
        CellType.Integer => new ParquetValues<long>(new DataField(column.Name, typeof(long), isNullable: true), CellTypes.ToInteger),
        CellType.Double => new ParquetValues<double>(new DataField(column.Name, typeof(double), isNullable: true), CellTypes.ToDouble),
        CellType.Date => new ParquetValues<DateOnly>(new DataField(column.Name, typeof(DateOnly), isNullable: true), CellTypes.ToDate),
        CellType.Decimal => new ParquetValues<decimal>(
            new DecimalDataField(column.Name, column.Digits.Whole + column.Digits.Scale, column.Digits.Scale, isNullable: true),
            DecimalText.Parse),
        CellType.Time => new ParquetValues<long>(
            new TimeDataField(column.Name, TimeUnitPrecision.Micros, isNullable: true) { IsAdjustedToUtc = false },
            text => CellTypes.ToTime(text).Ticks / TimeSpan.TicksPerMicrosecond),
        CellType.Timestamp => new ParquetValues<DateTime>(
            new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: false, DateTimeTimeUnit.Micros, isNullable: true),
            CellTypes.ToTimestamp),
        _ => new ParquetTexts(new DataField(column.Name, typeof(string), isNullable: true)),
    };

    /// <summary>Adds a value, and returns the bytes of text that this keeps in memory.</summary>
    public abstract int Add(string? text);

    /// <summary>Writes the values, and forgets them.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken);
}
