using System.Text;
using System.Text.Json;

namespace DicomFunctions.Core.Json;

/// <summary>Reads strings of JSON from outside.</summary>
internal static class JsonStrings
{
    /// <summary>The string or property name at the reader; null if it is not valid text, such as half of a surrogate pair.</summary>
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
    /// Whether the string or property name at the reader equals a text. False if it is not valid text; for that,
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

    /// <summary>Whether the property name at the reader equals a text, which needs no escapes.</summary>
    public static bool NameEquals(this in Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.SequenceEqual(text);
        return reader.GetTextOrNull() is { } name && Encoding.UTF8.GetBytes(name).AsSpan().SequenceEqual(text);
    }
}
