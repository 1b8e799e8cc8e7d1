using System.Buffers;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>Reads the inputs of a run in slices of limited size.</summary>
internal static class InputSlices
{
    private const int SliceBytes = 1 << 20;

    /// <summary>Reads lines, without their ends. Those of a slice are valid until the next slice is requested.</summary>
    /// <param name="store">The object store. Nothing is kept open while a slice is processed, which may take long.</param>
    /// <param name="name">The object.</param>
    /// <param name="offset">The offset of the first line, in bytes.</param>
    /// <param name="length">The length of all lines, in bytes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="ObjectDamagedException">The object is missing or damaged.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> ReadAsync(
        IObjectStore store, string name, long offset, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, SliceBytes));
        try
        {
            var filled = 0;
            for (var left = length; left > 0;)
            {
                if (filled == buffer.Length)
                    buffer = Grow(buffer);
                var wanted = (int)Math.Min(left, buffer.Length - filled);
                await FillAsync(store, name, offset, buffer.AsMemory(filled, wanted), cancellationToken).ConfigureAwait(false);
                filled += wanted;
                offset += wanted;
                left -= wanted;
                var end = buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
                if (end == 0)
                    continue;
                yield return Lines(buffer.AsMemory(0, end));
                buffer.AsSpan(end, filled - end).CopyTo(buffer);
                filled -= end;
            }

            if (filled > 0)
                throw new ObjectDamagedException("input.ndjson or input.idx is damaged: a batch ends within a line.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task FillAsync(
        IObjectStore store, string name, long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var stream = await store.OpenReadAsync(name, new ObjectRange(offset, buffer.Length), ifMatch: null, cancellationToken)
            .ConfigureAwait(false) ?? throw new ObjectDamagedException("input.ndjson is missing.");
        await using (stream.ConfigureAwait(false))
        {
            var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            if (read < buffer.Length)
                throw new ObjectDamagedException("input.ndjson or input.idx is damaged: one does not end where the other says.");
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static List<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> bytes)
    {
        List<ReadOnlyMemory<byte>> lines = [];
        while (!bytes.IsEmpty)
        {
            var end = bytes.Span.IndexOf((byte)'\n');
            lines.Add(bytes[..end]);
            bytes = bytes[(end + 1)..];
        }

        return lines;
    }
}
