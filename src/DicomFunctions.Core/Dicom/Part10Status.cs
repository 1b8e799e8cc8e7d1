namespace DicomFunctions.Core.Dicom;

/// <summary>The status of a <see cref="Part10Result"/>.</summary>
internal enum Part10Status
{
    /// <summary>More bytes of the file are needed.</summary>
    NeedMore,

    /// <summary>The header was read.</summary>
    Found,

    /// <summary>The file is not DICOM, whatever bytes follow.</summary>
    NotDicom,
}
