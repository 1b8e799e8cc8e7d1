using System.Text.Json;

namespace DicomFunctions.Core.Jobs.Results;

/// <summary>Looks at one record without reading its result.</summary>
internal static class ResultLine
{
    /// <summary>The record's own <c>success</c>; null when the line has none.</summary>
    public static bool? Success(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSuccess = reader.ValueTextEquals("success"u8);
            reader.Read();
            if (isSuccess)
                return reader.TokenType == JsonTokenType.True;
            reader.Skip();
        }

        return null;
    }
}
