using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Answers;

/// <summary>Reads Accept headers (PS3.18 §8.3.3).</summary>
internal static class Accepts
{
    /// <summary>The ranges a client accepts, best first; nothing when it did not say, which means anything.</summary>
    public static IReadOnlyList<MediaType> Of(HttpRequest request) => request.Headers.Accept.Count == 0
        ? []
        : [.. request.Headers.Accept.SelectMany(value => MediaType.ParseList(value ?? ""))
            .Where(range => range.Quality > 0).OrderByDescending(range => range.Quality)];

    /// <summary>Whether the client said what it accepts.</summary>
    public static bool IsGiven(HttpRequest request) => request.Headers.Accept.ToString().Length > 0;

    /// <summary>Whether DICOM JSON may be answered.</summary>
    public static bool DicomJson(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        return accept.Count == 0
            || (accept.Count == 1 && accept[0] is "application/dicom+json" or "*/*" or "")
            || Of(request).Any(range => range.IsAny || range.Is("application/dicom+json") || range.Is("application/json"));
    }
}
