namespace DicomFunctions.Core.Dicom;

/// <summary>How far <see cref="Part10Header.Read"/> came.</summary>
public enum Part10Status
{
    /// <summary>The header needs more bytes of the file.</summary>
    NeedMore,

    /// <summary>The header is read.</summary>
    Found,

    /// <summary>These bytes do not begin a DICOM file, whatever follows.</summary>
    NotDicom,
}
