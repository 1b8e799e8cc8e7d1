namespace DicomFunctions.Core.Api;

/// <summary>
/// A request's Content-Type. RFC 2045 §5.1 requires quotes around values such as <c>application/dicom</c> and
/// <c>----=_Part_0</c>; DICOMweb clients (PS3.18 §8.7) often omit them, so they are optional here.
/// </summary>
/// <param name="MediaType">Type and subtype, without parameters.</param>
/// <param name="Boundary">The multipart boundary; null if it is missing, repeated or invalid.</param>
internal sealed record BodyType(string MediaType, string? Boundary)
{
    private const int MaxBoundaryLength = 70;

    public bool IsDicom => Is("application/dicom");

    public bool IsRelated => Is("multipart/related");

    public bool IsMultipart => MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    public static BodyType Parse(string? contentType)
    {
        var text = contentType.AsSpan();
        var mediaType = Until(ref text, ";").ToString();
        string? boundary = null;
        var isOnce = true;
        while (!text.IsEmpty)
        {
            var name = Until(ref text, "=;");
            var value = Value(ref text);
            if (!name.Equals("boundary", StringComparison.OrdinalIgnoreCase))
                continue;
            isOnce = boundary is null || boundary == value;
            boundary ??= value;
        }

        return new BodyType(mediaType, isOnce && boundary is not null && IsBoundary(boundary) ? boundary : null);
    }

    private bool Is(string type) => MediaType.Equals(type, StringComparison.OrdinalIgnoreCase);

    /// <summary>Accepts any visible character: some clients send more than RFC 2046 §5.1.1 allows.</summary>
    private static bool IsBoundary(string text) =>
        text.Length is > 0 and <= MaxBoundaryLength && text[^1] != ' ' && !text.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>Takes the text before one of the ends. Also consumes a ';', but not a '='.</summary>
    private static ReadOnlySpan<char> Until(ref ReadOnlySpan<char> text, string ends)
    {
        var end = text.IndexOfAny(ends);
        var taken = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(text[end] == ';' ? end + 1 : end)..];
        return taken.Trim();
    }

    /// <summary>Takes a parameter's value with its '='; empty if there is none.</summary>
    private static string Value(ref ReadOnlySpan<char> text)
    {
        if (text is not ['=', .. var rest])
            return "";
        text = rest.TrimStart();
        if (text is not ['"', .. var quoted])
            return Until(ref text, ";").ToString();
        var value = new System.Text.StringBuilder();
        var at = 0;
        for (; at < quoted.Length && quoted[at] != '"'; at++)
        {
            if (quoted[at] == '\\' && at + 1 < quoted.Length)
                at++;
            value.Append(quoted[at]);
        }

        text = quoted[at..];
        Until(ref text, ";");
        return value.ToString();
    }
}
