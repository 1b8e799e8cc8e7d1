using System.Buffers;
using System.Buffers.Binary;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>Where some inputs that follow one another lie in <see cref="JobFiles.Input"/>.</summary>
/// <param name="Offset">Of the first input's line, in bytes.</param>
/// <param name="Length">Of all lines, in bytes.</param>
internal readonly record struct InputRange(long Offset, long Length)
{
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
        var length = checked((int)((count + 1) * sizeof(long)));
        var index = await store.OpenReadAsync(
            files.InputIndex, new ObjectRange(first * sizeof(long), length), ifMatch: null, cancellationToken).ConfigureAwait(false)
            ?? throw new ObjectDamagedException("input.idx is missing.");
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await using (index.ConfigureAwait(false))
            {
                if (await index.ReadAtLeastAsync(bytes.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false) < length)
                {
                    throw new ObjectDamagedException("input.idx is damaged: it ends early.");
                }
            }

            var (start, end) = Ends(bytes.AsSpan(0, length), first);
            if (first + count == total
                && end != (await store.GetPropertiesAsync(files.Input, cancellationToken).ConfigureAwait(false))?.Length)
            {
                throw new ObjectDamagedException("input.ndjson or input.idx is damaged: one does not end where the other says.");
            }

            return new InputRange(start, end - start);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>The first offset and the last. What is skipped or asked for twice would be without a record, or have two.</summary>
    private static (long Start, long End) Ends(ReadOnlySpan<byte> offsets, long first)
    {
        var start = BinaryPrimitives.ReadInt64LittleEndian(offsets);
        var last = start;
        if (first == 0 && start != 0)
            throw OutOfOrder();
        for (var at = sizeof(long); at < offsets.Length; at += sizeof(long))
        {
            var next = BinaryPrimitives.ReadInt64LittleEndian(offsets[at..]);
            if (next <= last)
                throw OutOfOrder();
            last = next;
        }

        return (start, last);

        static ObjectDamagedException OutOfOrder() => new("input.idx is damaged: its offsets are out of order.");
    }
}
