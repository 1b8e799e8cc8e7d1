using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;

namespace DicomFunctions.Core.Net;

/// <summary>
/// A gzip body, unzipped as it is read. One that is cut, in its header or trailer too, ends in <see cref="InvalidDataException"/>:
/// the project sets the runtime's <c>System.IO.Compression.UseStrictValidation</c>. No byte at all is an empty body.
/// </summary>
internal sealed class GunzippedContent : HttpContent
{
    private readonly HttpContent _zipped;

    public GunzippedContent(HttpContent zipped)
    {
        _zipped = zipped;
        foreach (var (name, values) in zipped.Headers.NonValidated)
            Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
        Headers.ContentEncoding.Clear();
        Headers.ContentLength = null;
    }

    /// <summary>Whether the body told its own end, by its length or as a whole gzip stream; known once it has been opened.</summary>
    public bool HasEnd { get; private set; }

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken)
    {
        var zipped = PipeReader.Create(await _zipped.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false));
        var first = await zipped.ReadAsync(cancellationToken).ConfigureAwait(false);
        var isEmpty = first.IsCompleted && first.Buffer.IsEmpty;
        zipped.AdvanceTo(first.Buffer.Start);
        HasEnd = !isEmpty || _zipped.Headers.ContentLength is not null;
        return isEmpty ? zipped.AsStream() : new GZipStream(zipped.AsStream(), CompressionMode.Decompress);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => CreateContentReadStreamAsync(CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var body = await CreateContentReadStreamAsync(CancellationToken.None).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
            await body.CopyToAsync(stream).ConfigureAwait(false);
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var body = await CreateContentReadStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
            await body.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _zipped.Dispose();
        base.Dispose(disposing);
    }
}
