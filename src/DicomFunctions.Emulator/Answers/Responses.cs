using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Answers;

/// <summary>Writes small answers whole.</summary>
internal static class Responses
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers with an error in Google's usual shape, or in another one.</summary>
    public static Task WriteErrorAsync(this HttpContext context, GoogleError error, ErrorShape shape = ErrorShape.Google)
    {
        (string?, ReadOnlyMemory<byte>) answer = shape switch
        {
            ErrorShape.Html => (
                "text/html; charset=utf-8", Encoding.UTF8.GetBytes($"<!DOCTYPE html><html><title>Error {error.Code}</title></html>\n")),
            ErrorShape.Text => ("text/plain; charset=utf-8", Encoding.UTF8.GetBytes(error.Message)),
            ErrorShape.Empty => (null, default),
            _ => ("application/json; charset=UTF-8", Json(error, shape == ErrorShape.Array)),
        };
        if (error.Code == 401)
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"";

        return context.WriteBytesAsync(error.Code, answer.Item1, answer.Item2);
    }

    public static async Task WriteBytesAsync(this HttpContext context, int status, string? contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    public static Task WriteJsonAsync(this HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            write(writer);

        return context.WriteBytesAsync(status, "application/json; charset=UTF-8", output.WrittenMemory);
    }

    private static ReadOnlyMemory<byte> Json(GoogleError error, bool inArray)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Readable);
        if (inArray)
            writer.WriteStartArray();

        writer.WriteStartObject();
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, error.Code);
        writer.WriteString("message"u8, error.Message);
        writer.WriteString("status"u8, error.Status);
        writer.WriteEndObject();
        writer.WriteEndObject();
        if (inArray)
            writer.WriteEndArray();

        writer.Flush();
        return output.WrittenMemory;
    }
}
