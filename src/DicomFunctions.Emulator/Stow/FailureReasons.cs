namespace DicomFunctions.Emulator.Stow;

/// <summary>Failure reasons of a STOW answer (PS3.18 table I.2-2, PS3.4 table B.2-1).</summary>
internal static class FailureReasons
{
    /// <summary>0110: a general failure, here: the instance is there already with other bytes.</summary>
    public const ushort ProcessingFailure = 272;

    /// <summary>A900: the data set is not of the study that the request names, or does not say what it is.</summary>
    public const ushort DataSetMismatch = 43264;

    /// <summary>C000: it is not DICOM, or is cut short.</summary>
    public const ushort CannotUnderstand = 49152;

    /// <summary>C122: the transfer syntax is not supported.</summary>
    public const ushort TransferSyntaxNotSupported = 49442;
}
