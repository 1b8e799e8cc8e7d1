using System.Text.Json;

namespace DicomFunctions.Core.Json;

/// <summary>Reads strings of JSON that comes from outside.</summary>
internal static class JsonStrings
{
    /// <summary>The string, or property name, at the reader; null when its escapes or bytes make no valid text: half of a surrogate pair.</summary>
    public static string? GetTextOrNull(this in Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether the string, or property name, at the reader is this text. One whose escapes or bytes make no valid text is not, where
    /// <see cref="Utf8JsonReader.ValueTextEquals(ReadOnlySpan{byte})"/> throws.
    /// </summary>
    public static bool TextEquals(this in Utf8JsonReader reader, ReadOnlySpan<char> text)
    {
        try
        {
            return reader.ValueTextEquals(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
