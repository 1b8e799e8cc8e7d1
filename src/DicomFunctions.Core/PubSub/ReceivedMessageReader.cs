using System.Text;
using System.Text.Json;

namespace DicomFunctions.Core.PubSub;

/// <summary>
/// Reads a <c>ReceivedMessage</c> of the Pub/Sub REST API, whatever it contains: fields that are missing or of another type are left out.
/// Such a message becomes a failed record and is acknowledged, instead of being delivered again for ever.
/// </summary>
internal static class ReceivedMessageReader
{
    /// <summary>Reads a message; null if it has no id to acknowledge it by, which Pub/Sub never omits.</summary>
    public static ReceivedMessage? Read(JsonElement received)
    {
        if (Text(received, "ackId") is not { Length: > 0 } ackId)
            return null;
        var message = Property(received, "message") ?? default;
        return new ReceivedMessage
        {
            AckId = ackId,
            Data = Decode(Text(message, "data") ?? ""),
            Attributes = Attributes(message),
            MessageId = Text(message, "messageId") ?? "",
            PublishTime = Text(message, "publishTime") ?? "",
        };
    }

    private static Dictionary<string, string> Attributes(JsonElement message)
    {
        var read = new Dictionary<string, string>();
        if (Property(message, "attributes") is not { ValueKind: JsonValueKind.Object } attributes)
            return read;
        foreach (var attribute in attributes.EnumerateObject())
        {
            if (Valid(() => attribute.Name) is { } key && Text(attribute.Value) is { } value)
                read[key] = value;
        }

        return read;
    }

    private static JsonElement? Property(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object ? Valid<JsonElement?>(() => json.TryGetProperty(name, out var value) ? value : null) : null;

    private static string? Text(JsonElement json, string name) => Property(json, name) is { } value ? Text(value) : null;

    private static string? Text(JsonElement json) => json.ValueKind == JsonValueKind.String ? Valid(json.GetString) : null;

    /// <summary>Reads text; null if its escapes or bytes are invalid, such as half of a surrogate pair.</summary>
    private static T? Valid<T>(Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>Decodes base64; data that is not base64 is taken as it is.</summary>
    private static byte[] Decode(string data)
    {
        var bytes = new byte[data.Length];
        return Convert.TryFromBase64String(data, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(data);
    }
}
