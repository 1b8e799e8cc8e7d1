using System.Text;
using System.Text.Json;

namespace DicomFunctions.Core.Notifications;

/// <summary>
/// Reads a message in any of its forms: the path itself as a JSON string; a <c>PubsubMessage</c>
/// (<c>{"data","attributes","messageId","publishTime"}</c>); one wrapped in <c>{"message":…}</c>, as pull and push deliver it.
/// </summary>
public static class NotificationMessageReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one message. Any JSON value gives a message; what is not understood is left out of it.</summary>
    /// <param name="json">One JSON value, well formed.</param>
    public static NotificationMessage Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => new NotificationMessage { Data = Text(ref reader) },
            JsonTokenType.StartObject => ReadObject(ref reader),
            _ => new NotificationMessage(),
        };
    }

    private static NotificationMessage ReadObject(ref Utf8JsonReader reader)
    {
        var message = new NotificationMessage();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            reader.Read();
            message = (key, reader.TokenType) switch
            {
                ("message", JsonTokenType.StartObject) => ReadObject(ref reader),
                ("attributes", JsonTokenType.StartObject) => ReadAttributes(ref reader, message),
                ("data", JsonTokenType.String) => message with { Data = Decode(Text(ref reader)) },
                ("messageId" or "message_id", JsonTokenType.String) => message with { MessageId = Text(ref reader) },
                ("publishTime" or "publish_time", JsonTokenType.String) => message with { PublishTime = Text(ref reader) },
                _ => message,
            };
            reader.Skip();
        }

        return message;
    }

    private static NotificationMessage ReadAttributes(ref Utf8JsonReader reader, NotificationMessage message)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            reader.Read();
            message = (key, reader.TokenType) switch
            {
                ("storeName", JsonTokenType.String) => message with { StoreName = Text(ref reader) },
                ("studyInstanceUID", JsonTokenType.String) => message with { StudyInstanceUid = Text(ref reader) },
                ("seriesInstanceUID", JsonTokenType.String) => message with { SeriesInstanceUid = Text(ref reader) },
                ("sopInstanceUID", JsonTokenType.String) => message with { SopInstanceUid = Text(ref reader) },
                _ => message,
            };
            reader.Skip();
        }

        return message;
    }

    /// <summary>The string at the reader; null when its escapes make no valid text.</summary>
    private static string? Text(ref Utf8JsonReader reader)
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
