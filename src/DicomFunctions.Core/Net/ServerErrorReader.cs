using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Net;

/// <summary>
/// Reads what servers say of failures: Google's <c>{"error":{…}}</c>, the same in a one-element array, other JSON objects with a
/// message, plain text, HTML.
/// </summary>
/// <remarks>
/// The body of an error may be anything, data sets of patients included: only what is known to be a message becomes one, and where one
/// quotes a data set it ends there.
/// </remarks>
internal static partial class ServerErrorReader
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
            {
                length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
        catch (Exception exception)
            when (exception is IOException or HttpRequestException or InvalidDataException or OperationCanceledException)
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
        return ParseJson(body) ?? new ServerError { Message = Cut(Text(Encoding.UTF8.GetString(body.Span).Trim())) };
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

    private static string Text(string text)
    {
        if (text[0] is '{' or '[')
            return "(JSON without a message)";
        if (text.StartsWith("--", StringComparison.Ordinal) || text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c)))
            return "(no text)";
        if (text[0] != '<')
            return text;
        var open = text.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
        var close = open < 0 ? -1 : text.IndexOf("</title>", open, StringComparison.OrdinalIgnoreCase);
        return close < 0 ? "(a page of markup)" : text[(open + 7)..close].Trim();
    }

    /// <summary>Where a data set begins: DICOM JSON, or the native model of PS3.19 §A.</summary>
    [GeneratedRegex("""[\s\[{]*"[0-9A-Fa-f]{8}"\s*:|<(?:NativeDicomModel|DicomAttribute)""")]
    private static partial Regex DataSet { get; }

    private static string Cut(string text)
    {
        if (DataSet.Match(text) is { Success: true } quoted)
            text = text[..quoted.Index] + "…";
        if (text.Length <= MaxMessageLength)
            return text;
        var length = char.IsHighSurrogate(text[MaxMessageLength - 1]) ? MaxMessageLength - 1 : MaxMessageLength;
        return string.Concat(text.AsSpan(0, length), "…");
    }
}
