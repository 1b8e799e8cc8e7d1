using System.Text.Json;

namespace DicomFunctions.Core.Records;

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
}
