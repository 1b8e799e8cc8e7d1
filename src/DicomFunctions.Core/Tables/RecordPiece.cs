namespace DicomFunctions.Core.Tables;

/// <summary>What <see cref="RecordReader"/> has found.</summary>
internal enum RecordPiece
{
    /// <summary>The end of the file.</summary>
    None,

    /// <summary>A data set of the record's <c>result</c>.</summary>
    Row,

    /// <summary>The end of a record.</summary>
    End,
}
