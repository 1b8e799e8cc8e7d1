namespace DicomFunctions.Core.Sources;

internal static class SourceScheme
{
    /// <summary>The text before a colon in the first segment of a reference; empty if there is none.</summary>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> reference)
    {
        var end = reference.IndexOfAny(':', '/');
        return end > 0 && reference[end] == ':' ? reference[..end] : default;
    }

    public static bool Is(ReadOnlySpan<char> reference, ReadOnlySpan<char> scheme) =>
        Of(reference).Equals(scheme, StringComparison.OrdinalIgnoreCase);
}
