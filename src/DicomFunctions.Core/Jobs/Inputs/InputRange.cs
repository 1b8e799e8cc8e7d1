using System.Buffers;
using System.Buffers.Binary;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>Where some inputs that follow one another lie in <see cref="JobFiles.Input"/>.</summary>
/// <param name="Offset">Of the first input's line, in bytes.</param>
/// <param name="Length">Of all lines, in bytes.</param>
internal readonly record struct InputRange(long Offset, long Length)
{
    /// <summary>The index is read in pieces: a share of a fast job may have millions of inputs.</summary>
    private const int BufferBytes = 64 * 1024;

    /// <summary>Looks the inputs up in <see cref="JobFiles.InputIndex"/>.</summary>
    /// <param name="store">Where the job's files are.</param>
    /// <param name="files">The job's files.</param>
    /// <param name="first">The first input.</param>
    /// <param name="count">How many; at least one.</param>
    /// <param name="total">Inputs of the job.</param>
    /// <param name="cancellationToken">Cancels the lookup.</param>
    /// <exception cref="ObjectDamagedException">The index is missing, or it contradicts itself or the inputs.</exception>
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

    /// <summary>The first offset and the last. What is skipped or asked for twice would be without a record, or have two.</summary>
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
                if (await index.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false) < block.Length)
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
