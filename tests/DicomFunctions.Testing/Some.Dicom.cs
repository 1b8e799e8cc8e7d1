using System.IO.Compression;

namespace DicomFunctions.Testing;

/// <summary>Valid things to test with, of which a test says only what matters to it.</summary>
public static partial class Some
{
    public const string StudyUid = "2.25.1001";
    public const string SeriesUid = "2.25.1001.1";
    public const string InstanceUid = "2.25.1001.1.1";
    public const string SecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";

    /// <summary>A small, valid Secondary Capture file; the same arguments give the same bytes.</summary>
    /// <param name="study">(0020,000D); null leaves it out, as with the two that follow.</param>
    /// <param name="series">(0020,000E).</param>
    /// <param name="instance">(0008,0018) and (0002,0003).</param>
    /// <param name="transferSyntax">One of <see cref="TransferSyntaxes"/>; another is written as explicit little endian.</param>
    /// <param name="pixelBytes">The length of the pixel data, made even; 8 bits a pixel, in rows of 2.</param>
    /// <param name="hasPreamble">Whether 128 zeros and <c>DICM</c> come first.</param>
    /// <param name="hasFileMeta">Whether group 0002 is there.</param>
    /// <param name="pixel">Each pixel's value: another makes other bytes under the same UIDs.</param>
    public static byte[] DicomFile(
        string? study = StudyUid,
        string? series = SeriesUid,
        string? instance = InstanceUid,
        string transferSyntax = TransferSyntaxes.ExplicitLittleEndian,
        int pixelBytes = 4,
        bool hasPreamble = true,
        bool hasFileMeta = true,
        byte pixel = 0x40)
    {
        pixelBytes += pixelBytes & 1;
        var dataSet = DicomDataSet(study, series, instance, transferSyntax, (uint)pixelBytes);
        var file = new MemoryStream();
        WriteBeginning(file, instance, transferSyntax, hasPreamble, hasFileMeta);
        var pixels = new byte[pixelBytes];
        Array.Fill(pixels, pixel);
        file.Write(Encoded([.. dataSet, .. pixels], transferSyntax));
        return file.ToArray();
    }

    /// <summary>
    /// Everything of an explicit little endian <see cref="DicomFile"/> but its pixels, <paramref name="pixelBytes"/> (even) of which
    /// the caller lets follow: for files that no array holds.
    /// </summary>
    public static byte[] DicomFileWithoutPixels(
        uint pixelBytes, string study = StudyUid, string series = SeriesUid, string instance = InstanceUid)
    {
        var file = new MemoryStream();
        WriteBeginning(file, instance, TransferSyntaxes.ExplicitLittleEndian, hasPreamble: true, hasFileMeta: true);
        file.Write(DicomDataSet(study, series, instance, TransferSyntaxes.ExplicitLittleEndian, pixelBytes));
        return file.ToArray();
    }

    /// <summary>A preamble of zeros, and <c>DICM</c>.</summary>
    public static byte[] DicomPreamble => [.. new byte[128], .. "DICM"u8];

    /// <summary>
    /// A file of a data set that was written with <see cref="DataSetWriter"/>; deflates it where the transfer syntax says so.
    /// </summary>
    public static byte[] DicomFileOf(
        ReadOnlySpan<byte> dataSet, string? instance, string transferSyntax, string sopClass = SecondaryCapture) =>
        [.. DicomPreamble, .. DicomFileMeta(instance, transferSyntax, sopClass), .. Encoded(dataSet, transferSyntax)];

    /// <summary>Group 0002.</summary>
    public static byte[] DicomFileMeta(string? instance, string transferSyntax, string sopClass = SecondaryCapture)
    {
        var elements = new DataSetWriter(isExplicit: true)
            .Bytes(0x0002_0001, "OB", [0, 1])
            .Text(0x0002_0002, "UI", sopClass);
        if (instance is not null)
            elements.Text(0x0002_0003, "UI", instance);
        var rest = elements.Text(0x0002_0010, "UI", transferSyntax).Text(0x0002_0012, "UI", "2.25.1").ToArray();
        var length = new DataSetWriter(isExplicit: true).Bytes(0x0002_0000, "UL", BitConverter.GetBytes(rest.Length)).ToArray();
        return [.. length, .. rest];
    }

    private static void WriteBeginning(Stream file, string? instance, string transferSyntax, bool hasPreamble, bool hasFileMeta)
    {
        if (hasPreamble)
            file.Write(DicomPreamble);
        if (hasFileMeta)
            file.Write(DicomFileMeta(instance, transferSyntax));
    }

    /// <summary>A data set as a file has it; PS3.5 §A.5 wants an even length of a deflated one too.</summary>
    private static byte[] Encoded(ReadOnlySpan<byte> dataSet, string transferSyntax)
    {
        if (transferSyntax != TransferSyntaxes.Deflated)
            return dataSet.ToArray();
        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Fastest, leaveOpen: true))
            deflate.Write(dataSet);
        if (deflated.Length % 2 == 1)
            deflated.WriteByte(0);
        return deflated.ToArray();
    }

    /// <summary>The data set, to where its pixels begin.</summary>
    private static byte[] DicomDataSet(string? study, string? series, string? instance, string transferSyntax, uint pixelBytes)
    {
        var writer = DataSetWriter.For(transferSyntax)
            .Text(0x0008_0005, "CS", "ISO_IR 192")
            .Text(0x0008_0016, "UI", SecondaryCapture);
        if (instance is not null)
            writer.Text(0x0008_0018, "UI", instance);
        writer
            .Text(0x0008_0020, "DA", "20260102")
            .Text(0x0008_0030, "TM", "030405")
            .Text(0x0008_0050, "SH", "ACC1")
            .Text(0x0008_0060, "CS", "OT")
            .Text(0x0008_0064, "CS", "SYN")
            .Text(0x0008_0090, "PN", "Referrer^Some")
            .Text(0x0010_0010, "PN", "Test^Some")
            .Text(0x0010_0020, "LO", "P1")
            .Text(0x0010_0030, "DA", "19700101")
            .Text(0x0010_0040, "CS", "O");
        if (study is not null)
            writer.Text(0x0020_000D, "UI", study);
        if (series is not null)
            writer.Text(0x0020_000E, "UI", series);
        return writer
            .Text(0x0020_0010, "SH", "1")
            .Text(0x0020_0011, "IS", "1")
            .Text(0x0020_0013, "IS", "1")
            .Number(0x0028_0002, 1)
            .Text(0x0028_0004, "CS", "MONOCHROME2")
            .Number(0x0028_0010, (ushort)Math.Min(pixelBytes / 2, ushort.MaxValue))
            .Number(0x0028_0011, 2)
            .Number(0x0028_0100, 8)
            .Number(0x0028_0101, 8)
            .Number(0x0028_0102, 7)
            .Number(0x0028_0103, 0)
            .Header(0x7FE0_0010, "OB", pixelBytes)
            .ToArray();
    }
}
