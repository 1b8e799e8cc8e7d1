using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Core.Streams;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Reads a body up to a limit; past it, throws a <see cref="RequestTooLargeException"/>.</summary>
internal sealed class LimitedStream(Stream inner, long limit) : ReadOnlyStream
{
    private long _read;

    /// <summary>The body of a request. A body whose length is known to exceed the limit is refused before any of it is read.</summary>
    public static LimitedStream BodyOf(HttpRequest request, long limit) =>
        request.ContentLength > limit ? throw TooLarge(limit) : new LimitedStream(request.Body, limit);

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    private int Count(int read)
    {
        _read += read;
        return _read <= limit ? read : throw TooLarge(limit);
    }

    private static RequestTooLargeException TooLarge(long limit) => new($"The body is larger than {limit} bytes.");
}
