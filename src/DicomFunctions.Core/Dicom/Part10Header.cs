namespace DicomFunctions.Core.Dicom;

/// <summary>What identifies a DICOM file (PS3.10 §7). Every UID in it is valid (<see cref="DicomUid"/>).</summary>
/// <remarks>
/// The UIDs are looked for until all are found: wherever they are in the data set, behind values and sequences of any length, but no
/// further than the pixel data, and than <see cref="MaxLength"/>.
/// </remarks>
public sealed record Part10Header
{
    /// <summary>How far into a file, or into its inflated data set, the UIDs are looked for, in bytes.</summary>
    public const long MaxLength = 64 << 20;

    /// <summary>(0002,0010), or how the data set was found to be encoded when the file does not say.</summary>
    public required string TransferSyntaxUid { get; init; }

    /// <summary>(0008,0016), or else (0002,0002); null when neither is there.</summary>
    public string? SopClassUid { get; init; }

    /// <summary>(0008,0018), or else (0002,0003); null when neither is there.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>(0002,0003) where it names another instance than the data set does; null otherwise.</summary>
    public string? FileMetaSopInstanceUid { get; init; }

    /// <summary>(0020,000E); null when it is not there.</summary>
    public string? SeriesInstanceUid { get; init; }

    /// <summary>(0020,000D); null when it is not there.</summary>
    public string? StudyInstanceUid { get; init; }

    /// <summary>The file begins with 128 bytes of preamble and <c>DICM</c>, as a DICOM file must.</summary>
    public required bool HasPreamble { get; init; }

    /// <summary>Reads the header from the first bytes of a file. Any bytes whatever give a result.</summary>
    /// <param name="prefix">The file from its first byte.</param>
    /// <param name="isWhole"><paramref name="prefix"/> is all there is.</param>
    public static Part10Result Read(ReadOnlySpan<byte> prefix, bool isWhole) => Part10Reader.Read(prefix, isWhole);

    /// <summary>
    /// Reads the header from a file, as much of it as that takes, in pieces: what is passed over is not held. Never
    /// <see cref="Part10Status.NeedMore"/>.
    /// </summary>
    /// <param name="content">The file, from its first byte.</param>
    /// <param name="length">Its length in bytes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static ValueTask<Part10Result> ReadAsync(Stream content, long length, CancellationToken cancellationToken) =>
        Part10Reader.ReadAsync(content, length, cancellationToken);
}
