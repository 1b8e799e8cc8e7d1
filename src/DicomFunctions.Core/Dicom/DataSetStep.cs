namespace DicomFunctions.Core.Dicom;

/// <summary>What <see cref="DataSetCursor.MoveNext"/> came to.</summary>
internal enum DataSetStep
{
    /// <summary>An element.</summary>
    Element,

    /// <summary>The end of the bytes, between two elements.</summary>
    End,

    /// <summary>The end of the bytes, inside an element.</summary>
    Cut,
}
