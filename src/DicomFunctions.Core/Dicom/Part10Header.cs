namespace DicomFunctions.Core.Dicom;

/// <summary>The identifiers of a DICOM file (PS3.10 §7). All UIDs are valid by <see cref="DicomUid"/>.</summary>
/// <remarks>
/// UIDs are searched for until all are found, past values and sequences of any length, but no further than the pixel data or
/// <see cref="MaxLength"/>.
/// </remarks>
public sealed record Part10Header
{
    /// <summary>How far to search for UIDs in a file, or in its inflated data set, in bytes.</summary>
    public const long MaxLength = 64 << 20;

    /// <summary>(0002,0010) or, if the file does not have it, the transfer syntax recognized from the data set.</summary>
    public required string TransferSyntaxUid { get; init; }

    /// <summary>(0008,0016), or else (0002,0002); null if both are missing.</summary>
    public string? SopClassUid { get; init; }

    /// <summary>(0008,0018), or else (0002,0003); null if both are missing.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>(0002,0003) if it differs from the data set's UID; otherwise null.</summary>
    public string? FileMetaSopInstanceUid { get; init; }

    /// <summary>(0020,000E); null if missing.</summary>
    public string? SeriesInstanceUid { get; init; }

    /// <summary>(0020,000D); null if missing.</summary>
    public string? StudyInstanceUid { get; init; }

    /// <summary>Whether the file starts with a 128-byte preamble and <c>DICM</c>, as the standard requires.</summary>
    public required bool HasPreamble { get; init; }

    /// <summary>Reads the header from the first bytes of a file. Never throws.</summary>
    /// <param name="prefix">The file's first bytes.</param>
    /// <param name="isWhole">Whether <paramref name="prefix"/> is the whole file.</param>
    internal static Part10Result Read(ReadOnlySpan<byte> prefix, bool isWhole) => Part10Reader.Read(prefix, isWhole);

    /// <summary>
    /// Reads the header from a file, piece by piece and only as far as needed, without buffering what it skips. Never returns
    /// <see cref="Part10Status.NeedMore"/>.
    /// </summary>
    /// <param name="content">The file, at its start.</param>
    /// <param name="length">The file's length in bytes; null if it is not known.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    internal static ValueTask<Part10Result> ReadAsync(Stream content, long? length, CancellationToken cancellationToken) =>
        Part10Reader.ReadAsync(content, length, cancellationToken);
}
