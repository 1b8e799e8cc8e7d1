using System.Buffers.Binary;

namespace DicomFunctions.Testing;

/// <summary>A stream of any length whose bytes follow from their place, made as it is read.</summary>
/// <param name="length">In bytes.</param>
/// <param name="failAt">Where reading fails with <see cref="InvalidDataException"/>, if anywhere.</param>
public sealed class PatternStream(long length, long? failAt = null) : Stream
{
    private const long LookEvery = 32 << 20;

    private long _position;

    /// <summary>Managed memory in use when the stream was made.</summary>
    public long MemoryAtStart { get; } = MemoryInUse();

    /// <summary>The most that was in use, looked at every 32 MiB of the stream.</summary>
    public long PeakMemory { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads a stream to its end and checks every byte of it; tells the most memory in use meanwhile.</summary>
    public static async Task<long> VerifyAsync(Stream stream, long length)
    {
        using var expected = new PatternStream(length);
        var (actualBuffer, expectedBuffer) = (new byte[64 * 1024], new byte[64 * 1024]);
        var total = 0L;
        while (await stream.ReadAsync(actualBuffer) is var read and > 0)
        {
            expected.ReadExactly(expectedBuffer.AsSpan(0, read));
            if (!actualBuffer.AsSpan(0, read).SequenceEqual(expectedBuffer.AsSpan(0, read)))
                throw new InvalidDataException($"A byte differs between {total} and {total + read}.");
            total += read;
        }

        return total == length ? expected.PeakMemory : throw new InvalidDataException($"{total} bytes were read of {length}.");
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position >= failAt)
            throw new InvalidDataException("The source failed.");
        var count = (int)Math.Min(buffer.Length, length - _position);
        Span<byte> eight = stackalloc byte[8];
        for (var i = 0; i < count;)
        {
            BinaryPrimitives.WriteInt64LittleEndian(eight, _position & ~7);
            var within = (int)(_position & 7);
            var piece = Math.Min(8 - within, count - i);
            eight.Slice(within, piece).CopyTo(buffer[i..]);
            i += piece;
            _position += piece;
        }

        if (_position / LookEvery != (_position - count) / LookEvery)
            PeakMemory = Math.Max(PeakMemory, MemoryInUse());
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Without what is garbage.</summary>
    private static long MemoryInUse()
    {
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
