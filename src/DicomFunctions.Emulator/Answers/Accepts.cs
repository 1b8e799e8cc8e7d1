using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Answers;

/// <summary>Reads Accept headers (PS3.18 §8.3.3).</summary>
internal static class Accepts
{
    /// <summary>
    /// The media ranges that the client accepts, the preferred ones first; empty if it sent no Accept header, which means anything.
    /// </summary>
    public static IReadOnlyList<MediaType> Of(HttpRequest request) => request.Headers.Accept.Count == 0
        ? []
        : [.. request.Headers.Accept.SelectMany(value => MediaType.ParseList(value ?? ""))
            .Where(range => range.Quality > 0).OrderByDescending(range => range.Quality)];

    /// <summary>Whether the client sent an Accept header with a value.</summary>
    public static bool IsGiven(HttpRequest request) => request.Headers.Accept.ToString().Length > 0;

    /// <summary>Whether the client accepts DICOM JSON.</summary>
    public static bool DicomJson(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.Count == 0
            || (accept.Count == 1 && accept[0] is "application/dicom+json" or "*/*" or "")
            || Of(request).Any(range => range.IsAny || range.Is("application/dicom+json") || range.Is("application/json"));
    }
}
