namespace DicomFunctions.Core.Tables;

/// <summary>A format for results as a table.</summary>
internal enum TableFormat
{
    /// <summary>Comma-separated values (RFC 4180) in UTF-8 with a byte order mark, which spreadsheets need.</summary>
    Csv,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}
