namespace DicomFunctions.Emulator.Stow;

/// <summary>Failure reasons of a STOW answer (PS3.18 table I.2-2, PS3.4 table B.2-1).</summary>
internal static class FailureReasons
{
    /// <summary>0110: processing failure; here, the store has the instance with other bytes.</summary>
    public const ushort ProcessingFailure = 272;

    /// <summary>A900: the data set belongs to another study than the request's, or lacks an identifier.</summary>
    public const ushort DataSetMismatch = 43264;

    /// <summary>C000: the file is not valid DICOM, or is cut short.</summary>
    public const ushort CannotUnderstand = 49152;

    /// <summary>C122: transfer syntax not supported.</summary>
    public const ushort TransferSyntaxNotSupported = 49442;
}
