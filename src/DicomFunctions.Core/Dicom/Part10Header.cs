namespace DicomFunctions.Core.Dicom;

/// <summary>What identifies a DICOM file (PS3.10 §7), read from its beginning. Every UID in it is valid (<see cref="DicomUid"/>).</summary>
public sealed record Part10Header
{
    /// <summary>
    /// As many bytes of a file as <see cref="Read"/> ever looks at. With so many it gives no <see cref="Part10Status.NeedMore"/>.
    /// </summary>
    public const int MaxPrefixLength = 1024 * 1024;

    /// <summary>(0002,0010), or how the data set was found to be encoded when the file does not say.</summary>
    public required string TransferSyntaxUid { get; init; }

    /// <summary>(0008,0016), or else (0002,0002); null when neither is there.</summary>
    public string? SopClassUid { get; init; }

    /// <summary>(0008,0018), or else (0002,0003); null when neither is there.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>(0020,000E); null when it is not there.</summary>
    public string? SeriesInstanceUid { get; init; }

    /// <summary>(0020,000D); null when it is not there.</summary>
    public string? StudyInstanceUid { get; init; }

    /// <summary>The file begins with 128 bytes of preamble and <c>DICM</c>, as a DICOM file must.</summary>
    public required bool HasPreamble { get; init; }

    /// <summary>
    /// Reads the header from the first bytes of a file. Any bytes whatever give a result; the work is bounded by
    /// <see cref="MaxPrefixLength"/>. A caller begins with some 4 KiB and doubles for as long as it needs more.
    /// </summary>
    /// <param name="prefix">The file from its first byte.</param>
    /// <param name="isWhole"><paramref name="prefix"/> is all there is.</param>
    public static Part10Result Read(ReadOnlySpan<byte> prefix, bool isWhole) => Part10Reader.Read(prefix, isWhole);
}
