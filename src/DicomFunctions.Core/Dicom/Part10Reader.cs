using System.Buffers;
using System.IO.Compression;

namespace DicomFunctions.Core.Dicom;

/// <summary>Feeds a <see cref="Part10Scan"/> from memory or a stream, and inflates deflated data sets (PS3.5 §A.5).</summary>
internal static class Part10Reader
{
    private const int PieceLength = 16 * 1024;

    public static Part10Result Read(ReadOnlySpan<byte> prefix, bool isWhole)
    {
        var scan = new Part10Scan(isWhole ? prefix.Length : null);
        var rest = prefix;
        var result = scan.Read(ref rest, isWhole);
        return scan.IsDeflated ? ReadInflated(scan, rest, isWhole) : result;
    }

    public static async ValueTask<Part10Result> ReadAsync(Stream content, long? length, CancellationToken cancellationToken)
    {
        var scan = new Part10Scan(length);
        var buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            var (result, kept) = await ReadAsync(scan, content, buffer, cancellationToken).ConfigureAwait(false);
            if (!scan.IsDeflated)
                return result;
            scan.ReadInflated();
            var inflated = new DeflateStream(new PrefixedStream(buffer.AsSpan(0, kept).ToArray(), content), CompressionMode.Decompress);
            await using (inflated.ConfigureAwait(false))
                return (await ReadAsync(scan, inflated, buffer, cancellationToken).ConfigureAwait(false)).Result;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads until the scan has a result or finds a deflated data set. Returns it with the bytes left in the buffer.</summary>
    private static async ValueTask<(Part10Result Result, int Kept)> ReadAsync(
        Part10Scan scan, Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        var kept = 0;
        while (true)
        {
            int read;
            try
            {
                read = await content.ReadAsync(buffer.AsMemory(kept), cancellationToken).ConfigureAwait(false);
            }
            catch (InvalidDataException) when (content is DeflateStream)
            {
                // Truncated, or not deflated at all: continue with what was inflated.
                read = 0;
            }

            var result = Take(scan, buffer, ref kept, read, isEnd: read == 0);
            if (result.Status != Part10Status.NeedMore || scan.IsDeflated)
                return (result, kept);
        }
    }

    private static unsafe Part10Result ReadInflated(Part10Scan scan, ReadOnlySpan<byte> deflated, bool isWhole)
    {
        scan.ReadInflated();
        var buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        fixed (byte* start = deflated)
        {
            using Stream source = deflated.IsEmpty ? Stream.Null : new UnmanagedMemoryStream(start, deflated.Length);
            using var inflated = new DeflateStream(source, CompressionMode.Decompress);
            try
            {
                var kept = 0;
                while (true)
                {
                    var read = Inflate(inflated, buffer.AsSpan(kept));
                    var result = Take(scan, buffer, ref kept, read, isEnd: read == 0 && isWhole);
                    if (result.Status != Part10Status.NeedMore || read == 0)
                        return result;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private static int Inflate(DeflateStream inflated, Span<byte> target)
    {
        try
        {
            return inflated.Read(target);
        }
        catch (InvalidDataException)
        {
            // Truncated, or not deflated at all: continue with what was inflated.
            return 0;
        }
    }

    private static Part10Result Take(Part10Scan scan, byte[] buffer, ref int kept, int read, bool isEnd)
    {
        ReadOnlySpan<byte> bytes = buffer.AsSpan(0, kept + read);
        var result = scan.Read(ref bytes, isEnd);
        bytes.CopyTo(buffer);
        kept = bytes.Length;
        return result;
    }
}
