using System.Buffers;

namespace DicomFunctions.Emulator.Storage;

/// <summary>Compares a received instance with the stored one.</summary>
internal static class SameBytes
{
    private const int BlockSize = 64 * 1024;

    public static async ValueTask<bool> AreEqualAsync(InstanceContent present, SpooledBody body, CancellationToken cancellationToken)
    {
        await body.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (present.Length != body.Length)
            return false;

        var buffer = ArrayPool<byte>.Shared.Rent(2 * BlockSize);
        try
        {
            await using var left = present.OpenRead();
            await using var right = body.OpenRead();
            while (true)
            {
                var (block, other) = (buffer.AsMemory(0, BlockSize), buffer.AsMemory(BlockSize, BlockSize));
                var read = await left.ReadAtLeastAsync(block, BlockSize, false, cancellationToken).ConfigureAwait(false);
                await right.ReadAtLeastAsync(other, BlockSize, false, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                    return true;

                if (!buffer.AsSpan(0, read).SequenceEqual(buffer.AsSpan(BlockSize, read)))
                    return false;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
