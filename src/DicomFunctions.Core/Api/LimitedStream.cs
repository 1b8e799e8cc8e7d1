using DicomFunctions.Core.Jobs.Inputs;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Reads a body up to a limit; past it, throws a <see cref="RequestTooLargeException"/>.</summary>
internal sealed class LimitedStream(Stream inner, long limit) : Stream
{
    private long _read;

    /// <summary>The body of a request. A body whose length is known to exceed the limit is refused before any of it is read.</summary>
    public static LimitedStream BodyOf(HttpRequest request, long limit) =>
        request.ContentLength > limit ? throw TooLarge(limit) : new LimitedStream(request.Body, limit);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Count(int read)
    {
        _read += read;
        return _read <= limit ? read : throw TooLarge(limit);
    }

    private static RequestTooLargeException TooLarge(long limit) => new($"The body is larger than {limit} bytes.");
}
