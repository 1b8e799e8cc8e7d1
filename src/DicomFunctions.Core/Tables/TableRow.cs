namespace DicomFunctions.Core.Tables;

/// <summary>A data set of a record, or the end of a record.</summary>
internal readonly record struct TableRow
{
    /// <summary>The JSON of the data set, until the next row is asked for. Empty at the end of a record.</summary>
    public ReadOnlyMemory<byte> DataSet { get; init; }

    /// <summary>How the record ended; null for a data set if the outcome was not asked for first.</summary>
    public RecordOutcome? Outcome { get; init; }

    /// <summary>Whether it is a row of the table: the end of a record is one only if the record has no data set.</summary>
    public required bool IsOfTable { get; init; }

    public bool HasDataSet => !DataSet.IsEmpty;
}
