using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>
/// The body of a store transaction: one file as <c>application/dicom</c>, or several as <c>multipart/related</c> (PS3.18 §10.5.1).
/// Streamed, with a length if those of all files are known, and otherwise in chunks.
/// </summary>
internal sealed class StowContent : HttpContent
{
    private readonly IReadOnlyList<StowInstance> _instances;
    private readonly IdleTimer _idle;
    private readonly byte[]? _partStart;
    private readonly byte[]? _end;

    public StowContent(IReadOnlyList<StowInstance> instances, bool multipart, IdleTimer idle)
    {
        _instances = instances;
        _idle = idle;
        if (!multipart)
        {
            Headers.ContentType = new MediaTypeHeaderValue("application/dicom");
            return;
        }

        var boundary = Guid.NewGuid().ToString("N");
        _partStart = Encoding.ASCII.GetBytes($"\r\n--{boundary}\r\nContent-Type: application/dicom\r\n\r\n");
        _end = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        Headers.TryAddWithoutValidation("Content-Type", $"multipart/related; type=\"application/dicom\"; boundary={boundary}");
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        foreach (var instance in _instances)
        {
            if (instance.Length is not { } known)
                return false;
            length += known + (_partStart?.Length ?? 0);
        }

        length += _end?.Length ?? 0;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // While this request is open its worker sends no other.
        RequestWaits.Leave();
        foreach (var instance in _instances)
        {
            if (_partStart is not null)
                await stream.WriteAsync(_partStart, cancellationToken).ConfigureAwait(false);
            await instance.CopyToAsync(stream, _idle.Touch, cancellationToken).ConfigureAwait(false);
        }

        if (_end is not null)
            await stream.WriteAsync(_end, cancellationToken).ConfigureAwait(false);
    }
}
