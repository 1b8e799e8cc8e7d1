using DicomFunctions.Core.Streams;

namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>The body of an answer. Reading fails if the server is silent for too long. Disposes the answer.</summary>
internal sealed class GcsContentStream(Stream inner, HttpResponseMessage response, TimeSpan timeout, TimeProvider time) : ReadOnlyStream
{
    private readonly CancellationTokenSource _silence = new(Timeout.InfiniteTimeSpan, time);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Only waiting for bytes counts, not what the reader does with them.
        _silence.CancelAfter(timeout);
        var caller = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _silence);
        try
        {
            return await inner.ReadAsync(buffer, _silence.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException("Cloud Storage fell silent.");
        }
        finally
        {
            await caller.DisposeAsync().ConfigureAwait(false);
            _silence.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            response.Dispose();
            _silence.Dispose();
        }

        base.Dispose(disposing);
    }
}
