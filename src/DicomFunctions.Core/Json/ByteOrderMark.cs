namespace DicomFunctions.Core.Json;

/// <summary>
/// The byte order mark before JSON. Parsers may ignore it (RFC 8259 §8.1); editors and shells on Windows write it.
/// </summary>
internal static class ByteOrderMark
{
    /// <summary>The longest mark of any encoding.</summary>
    public const int MaxLength = 4;

    public static ReadOnlySpan<byte> Utf8 => [0xEF, 0xBB, 0xBF];

    /// <summary>The text without its UTF-8 mark, if it has one.</summary>
    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> text) => text.Span.StartsWith(Utf8) ? text[Utf8.Length..] : text;

    /// <summary>The encoding of the text's byte order mark, unless it is UTF-8; null if there is no other mark.</summary>
    public static string? OtherEncoding(ReadOnlySpan<byte> text) => text switch
    {
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => "UTF-32",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "UTF-16",
        _ => null,
    };
}
