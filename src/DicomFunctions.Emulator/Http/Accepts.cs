using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace DicomFunctions.Emulator.Http;

/// <summary>Reads Accept headers (PS3.18 §8.3.3).</summary>
internal static class Accepts
{
    /// <summary>The ranges a client accepts, best first; nothing when it did not say, which means anything.</summary>
    public static IReadOnlyList<MediaTypeHeaderValue> Of(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0)
        {
            return [];
        }

        return MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var ranges)
            ? [.. ranges.OrderByDescending(range => range.Quality ?? 1)]
            : [];
    }

    /// <summary>Whether DICOM JSON may be answered.</summary>
    public static bool DicomJson(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || (accept.Count == 1 && accept[0] is "application/dicom+json" or "*/*" or "application/json" or ""))
        {
            return true;
        }

        return Of(request).Any(range => range.Quality != 0 && (IsAny(range) || Is(range, "application/dicom+json") || Is(range, "application/json")));
    }

    /// <summary>Everything, or every application type.</summary>
    public static bool IsAny(MediaTypeHeaderValue range) =>
        range.MatchesAllTypes || (range.MatchesAllSubTypes && range.Type.Equals("application", StringComparison.OrdinalIgnoreCase));

    public static bool Is(MediaTypeHeaderValue range, string mediaType) =>
        range.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>The value of a media type parameter, unquoted; null when it is not there.</summary>
    public static string? Parameter(MediaTypeHeaderValue range, string name) =>
        range.Parameters.FirstOrDefault(parameter => parameter.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? HeaderUtilities.RemoveQuotes(found.Value).ToString()
            : null;
}
