namespace DicomFunctions.Core.Tables;

/// <summary>Writes the rows of a table in one format.</summary>
internal interface ITableWriter : IAsyncDisposable
{
    /// <summary>Writes a row; its cells are in the order of the columns, and may be kept, but not their array.</summary>
    ValueTask WriteAsync(Cell[] row, CancellationToken cancellationToken);

    /// <summary>Writes what follows the last row. A table that breaks off is disposed of without it.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken);
}
