using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Faults;

/// <summary>
/// A response body that breaks off: it passes on a number of bytes, always fewer than the body has, then breaks the connection.
/// It holds each write's last byte back until the next write, so the client never gets the whole body.
/// </summary>
internal sealed class TruncatingStream(HttpContext context, Stream inner, int limit) : Stream
{
    private int _left = limit;
    private byte? _held;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return;

        if (_held is { } held && _left > 0)
        {
            await inner.WriteAsync(new[] { held }, cancellationToken).ConfigureAwait(false);
            _left--;
        }

        var count = Math.Min(_left, buffer.Length - 1);
        await inner.WriteAsync(buffer[..count], cancellationToken).ConfigureAwait(false);
        _left -= count;
        _held = buffer.Span[^1];
        if (_left == 0)
            await BreakAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Breaks the connection, after giving the bytes passed on a moment to leave.</summary>
    public async Task BreakAsync(CancellationToken cancellationToken)
    {
        await inner.FlushAsync(cancellationToken).ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken).ConfigureAwait(false);
        context.Abort();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
