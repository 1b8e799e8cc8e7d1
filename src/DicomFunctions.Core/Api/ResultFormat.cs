namespace DicomFunctions.Core.Api;

/// <summary>How records are written.</summary>
internal enum ResultFormat
{
    /// <summary>One JSON object per line.</summary>
    Ndjson,

    /// <summary>A JSON array.</summary>
    Json,

    /// <summary>A table as comma-separated values.</summary>
    Csv,

    /// <summary>A table as Apache Parquet.</summary>
    Parquet,
}
