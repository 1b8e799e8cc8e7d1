using System.Buffers;

namespace DicomFunctions.Core.Tables;

/// <summary>
/// Keeps what is written until it is sent. Table libraries write and flush synchronously in places, which the body of an HTTP answer does
/// not allow.
/// </summary>
internal sealed class DeferredStream(Stream target) : Stream
{
    private const int MaxKept = 1 << 20;

    private ArrayBufferWriter<byte> _pending = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The bytes to send.</summary>
    public int Pending => _pending.WrittenCount;

    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await target.WriteAsync(_pending.WrittenMemory, cancellationToken).ConfigureAwait(false);
        if (_pending.Capacity > MaxKept)
            _pending = new ArrayBufferWriter<byte>();
        else
            _pending.ResetWrittenCount();
    }

    public override void Write(ReadOnlySpan<byte> buffer) => _pending.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void WriteByte(byte value) => Write([value]);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    /// <summary>Does nothing: only <see cref="SendAsync"/> sends.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
