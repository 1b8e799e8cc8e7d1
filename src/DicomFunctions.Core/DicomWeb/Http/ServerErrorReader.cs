using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb.Http;

/// <summary>
/// Reads what servers say of failures: Google's <c>{"error":{…}}</c>, the same in a one-element array, other JSON objects with a
/// message, plain text, HTML.
/// </summary>
internal static class ServerErrorReader
{
    private const int MaxBodyBytes = 16 * 1024;
    private const int MaxMessageLength = 500;

    public static async ValueTask<ServerError?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = new byte[MaxBodyBytes];
        int length;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
                length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException or OperationCanceledException)
        {
            // The status is known; what was said of it is lost, or does not come.
            return null;
        }

        return Parse(body.AsMemory(0, length));
    }

    public static ServerError? Parse(ReadOnlyMemory<byte> body)
    {
        body = ByteOrderMark.Skip(body);
        if (body.Span.TrimStart(" \t\r\n"u8).IsEmpty)
            return null;
        return ParseJson(body) ?? ParseText(Encoding.UTF8.GetString(body.Span));
    }

    private static ServerError? ParseJson(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root is { ValueKind: JsonValueKind.Array } && root.GetArrayLength() > 0)
                root = root[0];
            if (root.ValueKind != JsonValueKind.Object)
                return null;
            if (Text(root, "error") is { } text)
                return new ServerError { Message = Cut(text) };
            var error = root.TryGetProperty("error", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : root;
            var message = Text(error, "message") ?? Text(error, "Message") ?? Text(error, "detail") ?? Text(error, "Details");
            return message is null ? null : new ServerError { Status = Text(error, "status"), Message = Cut(message) };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or a string of it whose escapes make no text.
            return null;
        }

        static string? Text(JsonElement element, string name) =>
            element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static ServerError ParseText(string text)
    {
        text = text.Trim();
        if (!text.StartsWith('<'))
            return new ServerError { Message = Cut(text) };
        var open = text.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
        var close = open < 0 ? -1 : text.IndexOf("</title>", open, StringComparison.OrdinalIgnoreCase);
        return new ServerError { Message = close < 0 ? "(a page of markup)" : Cut(text[(open + 7)..close].Trim()) };
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaxMessageLength)
            return text;
        var length = char.IsHighSurrogate(text[MaxMessageLength - 1]) ? MaxMessageLength - 1 : MaxMessageLength;
        return string.Concat(text.AsSpan(0, length), "…");
    }
}
