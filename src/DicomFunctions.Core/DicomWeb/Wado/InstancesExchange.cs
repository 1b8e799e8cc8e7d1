using System.Buffers;
using System.Net;
using DicomFunctions.Core.Net;
using Microsoft.AspNetCore.WebUtilities;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>
/// Retrieves one instance as stored (WADO-RS, PS3.18 §10.4), sent either as it is or as the single part of a multipart answer.
/// </summary>
/// <param name="target">The URL of the instance.</param>
/// <param name="accept">The media type to request: <see cref="Multipart"/> or <see cref="Single"/>.</param>
/// <param name="maxBytes">The limit for its size; a larger one sets <see cref="IsTooLong"/>.</param>
/// <param name="begin">Creates the stream that an attempt's bytes are written to. The caller disposes it.</param>
internal sealed class InstanceExchange(Uri target, string accept, long maxBytes, Func<Stream> begin) : Exchange
{
    /// <summary>The media type that every server supports.</summary>
    public const string Multipart = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";

    /// <summary>The media type that most servers support.</summary>
    public const string Single = "application/dicom; transfer-syntax=*";

    private const int CopyBuffer = 64 * 1024;

    /// <summary>Whether the answer exceeded the limit.</summary>
    public bool IsTooLong { get; private set; }

    public override HttpRequestMessage CreateRequest(IdleTimer idle)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, target)
        {
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Version = HttpVersion.Version20,
        };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return request;
    }

    public override bool Understands(int statusCode) => statusCode == 200;

    public override async ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            if (!MultipartBoundary.TryFind(response.Content.Headers, out var boundary))
                return await CopyAsync(body, idle, cancellationToken).ConfigureAwait(false);
            if (boundary is null)
                return RequestOutcome.Refused("The multipart answer has no boundary.");
            var parts = new MultipartReader(boundary, body);
            if (await parts.ReadNextSectionAsync(cancellationToken).ConfigureAwait(false) is not { } part)
                return RequestOutcome.Refused("The multipart answer has no parts.");
            var outcome = await CopyAsync(part.Body, idle, cancellationToken).ConfigureAwait(false);
            return outcome.Success && await parts.ReadNextSectionAsync(cancellationToken).ConfigureAwait(false) is not null
                ? RequestOutcome.Refused("The multipart answer has more than one part.")
                : outcome;
        }
    }

    private async ValueTask<RequestOutcome> CopyAsync(Stream body, IdleTimer idle, CancellationToken cancellationToken)
    {
        var to = begin();
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            var left = maxBytes;
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                idle.Received(read);
                left -= read;
                if (left < 0)
                {
                    IsTooLong = true;
                    return RequestOutcome.Refused("The answer is too long.");
                }

                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }

            return RequestOutcome.Succeeded((int)HttpStatusCode.OK);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
