using System.Buffers;
using System.Buffers.Binary;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>The position of consecutive inputs in <see cref="JobFiles.Input"/>.</summary>
/// <param name="Offset">The offset of the first input's line, in bytes.</param>
/// <param name="Length">The length of all lines, in bytes.</param>
internal readonly record struct InputRange(long Offset, long Length)
{
    /// <summary>The index is read in pieces of this many bytes: a share of a fast job may have millions of inputs.</summary>
    private const int BufferBytes = 64 * 1024;

    /// <summary>Finds inputs by <see cref="JobFiles.InputIndex"/>.</summary>
    /// <param name="store">The object store.</param>
    /// <param name="files">The job's files.</param>
    /// <param name="first">The first input.</param>
    /// <param name="count">The number of inputs; at least one.</param>
    /// <param name="total">The number of inputs of the job; null if not known.</param>
    /// <param name="cancellationToken">Cancels the lookup.</param>
    /// <exception cref="ObjectDamagedException">The index is missing or damaged.</exception>
    public static async Task<InputRange> FindAsync(
        IObjectStore store, JobFiles files, long first, long count, long? total, CancellationToken cancellationToken)
    {
        var range = new ObjectRange(first * sizeof(long), (count + 1) * sizeof(long));
        var index = await store.OpenReadAsync(files.InputIndex, range, ifMatch: null, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectDamagedException("input.idx is missing.");
        long start, end;
        await using (index.ConfigureAwait(false))
            (start, end) = await ReadEndsAsync(index, count + 1, cancellationToken).ConfigureAwait(false);
        if (first == 0 && start != 0)
            throw OutOfOrder();
        if (first + count == total
            && end != (await store.GetPropertiesAsync(files.Input, cancellationToken).ConfigureAwait(false))?.Length)
        {
            throw new ObjectDamagedException("input.ndjson or input.idx is damaged: one does not end where the other says.");
        }

        return new InputRange(start, end - start);
    }

    /// <summary>Reads the first and the last offset, and checks those between: a damaged one would lose or repeat an input.</summary>
    private static async Task<(long Start, long End)> ReadEndsAsync(Stream index, long offsets, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(offsets * sizeof(long), BufferBytes));
        try
        {
            long? start = null;
            var end = 0L;
            for (var left = offsets * sizeof(long); left > 0;)
            {
                var block = buffer.AsMemory(0, (int)Math.Min(left, BufferBytes));
                var read = await index.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
                if (read < block.Length)
                    throw new ObjectDamagedException("input.idx is damaged: it ends early.");
                for (var at = 0; at < block.Length; at += sizeof(long))
                {
                    var offset = BinaryPrimitives.ReadInt64LittleEndian(block.Span[at..]);
                    if (offset < 0 || (offset <= end && start is not null))
                        throw OutOfOrder();
                    start ??= offset;
                    end = offset;
                }

                left -= block.Length;
            }

            return (start!.Value, end);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ObjectDamagedException OutOfOrder() => new("input.idx is damaged: its offsets are out of order.");
}
