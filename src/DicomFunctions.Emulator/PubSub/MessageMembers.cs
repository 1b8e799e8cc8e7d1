using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DicomFunctions.Emulator.Storage;

namespace DicomFunctions.Emulator.PubSub;

/// <summary>Renders the publisher's members of a message: data, attributes, ordering key.</summary>
internal static class MessageMembers
{
    /// <summary>A store's notification about one instance, in Google's form.</summary>
    public static ReadOnlyMemory<byte> Of(StoreName store, StoreEvent storeEvent, DateTimeOffset time)
    {
        var key = storeEvent.Key;
        var path = $"{store.Path}/dicomWeb/studies/{key.StudyUid}/series/{key.SeriesUid}/instances/{key.SopUid}";
        return Write(writer =>
        {
            writer.WriteBase64String("data"u8, Encoding.UTF8.GetBytes(path));
            writer.WriteStartObject("attributes"u8);
            writer.WriteString("action"u8, storeEvent.Action);
            writer.WriteString("lastUpdatedTime"u8, Rfc3339(time));
            writer.WriteString("modality"u8, storeEvent.Modality);
            writer.WriteString("seriesInstanceUID"u8, key.SeriesUid);
            writer.WriteString("sopInstanceUID"u8, key.SopUid);
            writer.WriteString("storageClass"u8, "STANDARD"u8);
            writer.WriteString("storeName"u8, store.Path);
            writer.WriteString("studyInstanceUID"u8, key.StudyUid);
            writer.WriteString("versionId"u8, (time - DateTimeOffset.UnixEpoch).Ticks.ToString(CultureInfo.InvariantCulture));
            writer.WriteEndObject();
        });
    }

    /// <summary>
    /// Reads a message of a publish request; null if it is invalid: the data is not base64, an attribute is not a string, or it has
    /// neither data nor attributes.
    /// </summary>
    public static ReadOnlyMemory<byte>? Of(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
            return null;

        var data = message.TryGetProperty("data", out var dataElement) ? dataElement : default;
        var attributes = message.TryGetProperty("attributes", out var attributesElement) ? attributesElement : default;
        var hasAttributes = attributes.ValueKind == JsonValueKind.Object && attributes.EnumerateObject().Any();
        if ((data.ValueKind != JsonValueKind.Undefined && (data.ValueKind != JsonValueKind.String || !data.TryGetBytesFromBase64(out _)))
            || (attributes.ValueKind != JsonValueKind.Undefined && attributes.ValueKind != JsonValueKind.Object)
            || (hasAttributes && attributes.EnumerateObject().Any(attribute => attribute.Value.ValueKind != JsonValueKind.String))
            || (!hasAttributes && (data.ValueKind == JsonValueKind.Undefined || data.GetString()!.Length == 0)))
        {
            return null;
        }

        return Write(writer =>
        {
            if (data.ValueKind == JsonValueKind.String)
                writer.WriteString("data"u8, data.GetString());

            if (hasAttributes)
            {
                writer.WritePropertyName("attributes"u8);
                attributes.WriteTo(writer);
            }

            if (message.TryGetProperty("orderingKey", out var key) && key.ValueKind == JsonValueKind.String)
                writer.WriteString("orderingKey"u8, key.GetString());
        });
    }

    /// <summary>Formats a time as Google's APIs do.</summary>
    public static string Rfc3339(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenMemory[1..^1].ToArray();
    }
}
