using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Records;

/// <summary>Reads the destination of an upload: Beam's <c>destination_dict</c>, or the path of a store.</summary>
internal static class DestinationReader
{
    /// <summary>Reads a dict of four keys, or a string <c>projects/…/dicomStores/…</c>.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> json, [NotNullWhen(true)] out DicomStorePath? store, [NotNullWhen(false)] out string? problem)
    {
        store = null;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return DicomStorePath.TryParse(reader.GetTextOrNull(), out store, out problem);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problem = "destination must be a dict (a JSON object) or the path of a store.";
            return false;
        }

        var keys = default(StoreKeysReader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetTextOrNull() ?? "";
            reader.Read();
            if (!keys.TryTake(Encoding.UTF8.GetBytes(key), ref reader))
                reader.Skip();
        }

        problem = keys.Problem();
        if (problem is null)
            store = keys.Store();
        return problem is null;
    }
}
