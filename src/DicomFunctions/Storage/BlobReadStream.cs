using DicomFunctions.Core.Streams;

namespace DicomFunctions.App.Storage;

/// <summary>Reads a blob. The SDK resumes after a broken connection, unless the blob has changed.</summary>
internal sealed class BlobReadStream(Stream content) : ReadOnlyStream
{
    private const string What = "continue reading an object";

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (BlobCalls.Translate(What, exception, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (Exception exception) when (BlobCalls.Translate(What, exception, CancellationToken.None) is { } translated)
        {
            throw translated;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await content.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            content.Dispose();
        base.Dispose(disposing);
    }
}
