namespace DicomFunctions.Emulator.Dicom;

/// <summary>The bytes are not a data set that can be understood. The message has no value of the data set in it.</summary>
internal sealed class DicomFormatException(string message, bool unsupportedTransferSyntax = false) : Exception(message)
{
    /// <summary>The data set may be fine, but its transfer syntax is none that is known.</summary>
    public bool UnsupportedTransferSyntax { get; } = unsupportedTransferSyntax;
}
