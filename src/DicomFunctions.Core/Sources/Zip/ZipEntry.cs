using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Sources.Zip;

/// <summary>A file in a zip file, as the zip's directory describes it.</summary>
/// <param name="Name">Its path in the zip file.</param>
/// <param name="Header">Where its local header begins.</param>
/// <param name="CompressedLength">How many bytes it takes in the zip file.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Crc">Its CRC-32.</param>
/// <param name="Method">How it is compressed.</param>
/// <param name="IsEncrypted">Whether it is encrypted.</param>
internal sealed record ZipEntry(
    string Name, long Header, long CompressedLength, long Length, uint Crc, ushort Method, bool IsEncrypted)
{
    public const ushort Stored = 0;
    public const ushort Deflated = 8;

    /// <summary>Why it cannot be read; null if it can.</summary>
    public SourceProblem? Problem =>
        IsEncrypted ? new(FailureCode.Unreadable, "The file is encrypted in its zip file: unpack it first.")
        : Method is not (Stored or Deflated) ? new(
            FailureCode.Unreadable, $"The file is compressed in a way that is not supported (method {Method}): unpack it first.")
        : ZipName.IsZip(Name) ? new(FailureCode.Unreadable, "A zip file in a zip file is not opened: unpack it first.")
        : Length == 0 ? new(FailureCode.Empty, "The file is empty.")
        : null;
}
