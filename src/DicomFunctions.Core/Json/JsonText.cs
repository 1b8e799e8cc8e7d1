using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DicomFunctions.Core.Json;

/// <summary>Writes JSON tokens as UTF-8, directly into the target buffer.</summary>
internal static class JsonText
{
    private static readonly JsonEncodedText NoText = JsonEncodedText.Encode("");

    public static void Raw(this IBufferWriter<byte> output, ReadOnlySpan<byte> text) => output.Write(text);

    public static void Number(this IBufferWriter<byte> output, long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out var written);
        output.Advance(written);
    }

    /// <summary>A JSON string in quotes, with only the escapes that JSON requires.</summary>
    public static void Text(this IBufferWriter<byte> output, string? value)
    {
        // Via UTF-8, which replaces half a surrogate pair, left where a text was cut, with U+FFFD: a record must not fail.
        var text = string.IsNullOrEmpty(value)
            ? NoText
            : JsonEncodedText.Encode(Encoding.UTF8.GetBytes(value), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        output.Raw("\""u8);
        output.Raw(text.EncodedUtf8Bytes);
        output.Raw("\""u8);
    }

    /// <summary>A literal key, preceded by a comma.</summary>
    public static void Key(this IBufferWriter<byte> output, ReadOnlySpan<byte> key)
    {
        output.Raw(",\""u8);
        output.Raw(key);
        output.Raw("\":"u8);
    }

    public static void Property(this IBufferWriter<byte> output, ReadOnlySpan<byte> key, string? value)
    {
        if (value is null)
            return;
        output.Key(key);
        output.Text(value);
    }

    public static void Property(this IBufferWriter<byte> output, ReadOnlySpan<byte> key, long value)
    {
        output.Key(key);
        output.Number(value);
    }
}
