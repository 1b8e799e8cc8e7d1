namespace DicomFunctions.Emulator.Dicom;

/// <summary>The bytes are not a valid data set. The message contains no values of the data set.</summary>
internal sealed class DicomFormatException(string message, bool isTransferSyntaxUnsupported = false) : Exception(message)
{
    /// <summary>Whether the transfer syntax is unknown; the data set may be valid.</summary>
    public bool IsTransferSyntaxUnsupported { get; } = isTransferSyntaxUnsupported;
}
