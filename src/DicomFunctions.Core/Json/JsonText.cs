using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DicomFunctions.Core.Json;

/// <summary>Writes pieces of JSON as UTF-8, straight into the block that will hold them.</summary>
internal static class JsonText
{
    private static readonly JsonEncodedText NoText = JsonEncodedText.Encode("");

    public static void Raw(this IBufferWriter<byte> output, ReadOnlySpan<byte> text) => output.Write(text);

    public static void Number(this IBufferWriter<byte> output, long value)
    {
        Utf8Formatter.TryFormat(value, output.GetSpan(20), out var written);
        output.Advance(written);
    }

    /// <summary>A JSON string, quoted and escaped only where JSON asks for it.</summary>
    public static void Text(this IBufferWriter<byte> output, string? value)
    {
        // By way of UTF-8, which puts U+FFFD where half of a surrogate pair is left over from a text that was cut: a record must not fail.
        var text = string.IsNullOrEmpty(value)
            ? NoText
            : JsonEncodedText.Encode(Encoding.UTF8.GetBytes(value), JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        output.Raw("\""u8);
        output.Raw(text.EncodedUtf8Bytes);
        output.Raw("\""u8);
    }

    /// <summary>A key from the code, with the comma before it.</summary>
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
