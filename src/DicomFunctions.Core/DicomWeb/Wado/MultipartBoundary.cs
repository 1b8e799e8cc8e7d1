using System.Net.Http.Headers;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>
/// Finds the boundary of a multipart answer, even if other parameters violate the syntax (<c>type=application/dicom</c> without quotes).
/// </summary>
internal static class MultipartBoundary
{
    /// <summary>False if the content is not multipart.</summary>
    public static bool TryFind(HttpContentHeaders headers, out string? boundary)
    {
        boundary = null;
        if (!headers.TryGetValues("Content-Type", out var values))
            return false;
        var parts = string.Join(',', values).Split(';', StringSplitOptions.TrimEntries);
        if (!parts[0].StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            return false;
        const string Name = "boundary=";
        if (Array.Find(parts, part => part.StartsWith(Name, StringComparison.OrdinalIgnoreCase)) is { } parameter)
            boundary = parameter[Name.Length..].Trim('"') is { Length: > 0 } value ? value : null;
        return true;
    }
}
