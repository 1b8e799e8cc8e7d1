namespace DicomFunctions.Core.Net;

/// <summary>Tells more of an answer.</summary>
internal static class HttpResponseExtensions
{
    /// <summary>
    /// Whether the answer has a length or chunks. Without, the end of the connection is its end, and it may be incomplete. Known once the
    /// body has been opened.
    /// </summary>
    public static bool HasEnd(this HttpResponseMessage response) =>
        response.Content.Headers.ContentLength is not null
        || response.Headers.TransferEncodingChunked == true
        || response.Version.Major > 1
        || response.Content is GunzippedContent { HasEnd: true };
}
