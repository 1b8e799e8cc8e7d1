using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Notifications;

/// <summary>
/// Reads a message in any of its forms: the path itself as a JSON string; a <c>PubsubMessage</c>
/// (<c>{"data","attributes","messageId","publishTime"}</c>); one wrapped in <c>{"message":…}</c>, as pull and push deliver it.
/// </summary>
internal static class PubSubMessageReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one message. Accepts any JSON value and ignores what it does not recognize.</summary>
    /// <param name="json">One well-formed JSON value.</param>
    public static PubSubMessage Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => new PubSubMessage { Data = reader.GetTextOrNull() },
            JsonTokenType.StartObject => ReadObject(ref reader),
            _ => new PubSubMessage(),
        };
    }

    private static PubSubMessage ReadObject(ref Utf8JsonReader reader)
    {
        var message = new PubSubMessage();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetTextOrNull();
            reader.Read();
            message = (key, reader.TokenType) switch
            {
                ("message", JsonTokenType.StartObject) => ReadObject(ref reader),
                ("attributes", JsonTokenType.StartObject) => ReadAttributes(ref reader, message),
                ("data", JsonTokenType.String) => message with { Data = Decode(reader.GetTextOrNull()) },
                ("messageId" or "message_id", JsonTokenType.String) => message with { MessageId = reader.GetTextOrNull() },
                ("publishTime" or "publish_time", JsonTokenType.String) => message with { PublishTime = reader.GetTextOrNull() },
                _ => message,
            };
            reader.Skip();
        }

        return message;
    }

    private static PubSubMessage ReadAttributes(ref Utf8JsonReader reader, PubSubMessage message)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetTextOrNull();
            reader.Read();
            message = (key, reader.TokenType) switch
            {
                ("storeName", JsonTokenType.String) => message with { StoreName = reader.GetTextOrNull() },
                ("studyInstanceUID", JsonTokenType.String) => message with { StudyInstanceUid = reader.GetTextOrNull() },
                ("seriesInstanceUID", JsonTokenType.String) => message with { SeriesInstanceUid = reader.GetTextOrNull() },
                ("sopInstanceUID", JsonTokenType.String) => message with { SopInstanceUid = reader.GetTextOrNull() },
                _ => message,
            };
            reader.Skip();
        }

        return message;
    }

    private static string? Decode(string? base64)
    {
        if (base64 is null)
            return null;
        var bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out var length))
            return null;
        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
