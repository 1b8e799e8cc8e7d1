namespace DicomFunctions.Core.Dicom;

/// <summary>The result of <see cref="DataSetCursor.MoveNext"/>.</summary>
internal enum DataSetStep
{
    /// <summary>The cursor is at an element.</summary>
    Element,

    /// <summary>The bytes end between two elements.</summary>
    End,

    /// <summary>The bytes end inside an element.</summary>
    Cut,
}
