using System.Net.Http.Headers;

namespace DicomFunctions.Core.Net;

/// <summary>
/// Asks for gzip, which DICOM servers speak, Google's among them, and unzips what comes. The connection pool would do so too, but its
/// answer no longer tells whether it had an end of its own.
/// </summary>
internal sealed class GunzipHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly StringWithQualityHeaderValue Gzip = new("gzip");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Headers.AcceptEncoding.Count == 0)
            request.Headers.AcceptEncoding.Add(Gzip);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.Content.Headers.ContentEncoding is { Count: 1 } encodings
            && encodings.Contains(Gzip.Value, StringComparer.OrdinalIgnoreCase))
        {
            response.Content = new GunzippedContent(response.Content);
        }

        return response;
    }
}
