using System.Net;
using System.Net.Http.Headers;

namespace DicomFunctions.Local.Remote;

/// <summary>Inputs as NDJSON, sent while they are read.</summary>
internal sealed class InputsContent : HttpContent, IOneTimeContent
{
    private readonly IAsyncEnumerable<ReadOnlyMemory<byte>> _inputs;

    public InputsContent(IAsyncEnumerable<ReadOnlyMemory<byte>> inputs)
    {
        _inputs = inputs;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    public bool HasBegun { get; private set; }

    /// <summary>Why the inputs could not be read; null if they could.</summary>
    public Exception? Failure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        HasBegun = true;
        var inputs = _inputs.GetAsyncEnumerator(cancellationToken);
        await using (inputs.ConfigureAwait(false))
        {
            while (await NextAsync(inputs).ConfigureAwait(false))
            {
                await stream.WriteAsync(inputs.Current, cancellationToken).ConfigureAwait(false);
                await stream.WriteAsync("\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> inputs)
    {
        try
        {
            return await inputs.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Failure = exception;
            throw;
        }
    }
}
