using System.Text;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>A character set for G0 or G1 (PS3.3 tables C.12-2 to C.12-5).</summary>
internal sealed class CodeElement
{
    public static readonly CodeElement Latin1 = new(28591);
    public static readonly CodeElement Katakana = new(0);
    public static readonly CodeElement Jis0208 = new(20932, isDouble: true);
    public static readonly CodeElement Jis0212 = new(20932, isDouble: true);
    public static readonly CodeElement Korean = new(949, isDouble: true);
    public static readonly CodeElement Chinese = new(936, isDouble: true);
    private readonly Encoding _encoding;

    private CodeElement(int codePage, bool isDouble = false)
    {
        _encoding = codePage switch
        {
            0 or 28591 => Encoding.Latin1,
            65001 => Encoding.UTF8,
            _ => CodePagesEncodingProvider.Instance.GetEncoding(codePage)
                ?? throw new NotSupportedException($"code page {codePage} is not available"),
        };
        IsDouble = isDouble;
        StandsAlone = !isDouble && codePage is 65001 or 54936 or 936 or 949;
    }

    /// <summary>Whether a character takes two bytes.</summary>
    public bool IsDouble { get; }

    /// <summary>Whether this is JIS X 0201, whose lower half differs from ASCII in two characters.</summary>
    public bool IsRomaji => ReferenceEquals(this, Katakana);

    /// <summary>Whether it excludes code extensions (PS3.3 §C.12.1.1.2): it is the only term, and there are no escape sequences.</summary>
    public bool StandsAlone { get; }

    /// <summary>The character set of a defined term, with or without code extensions.</summary>
    public static CodeElement ForTerm(CharacterSetTerm term) => (term.Registration, term.HasCodeExtensions) switch
    {
        (101, _) => Of(28592),
        (109, _) => Of(28593),
        (110, _) => Of(28594),
        (144, _) => Of(28595),
        (127, _) => Of(28596),
        (126, _) => Of(28597),
        (138, _) => Of(28598),
        (148, _) => Of(28599),
        (203, _) => Of(28605),
        (166, _) => Of(874),
        (13, _) => Katakana,
        (58, false) => Of(936),
        (149, false) => Of(949),
        (CharacterSetTerm.Utf8, _) => Of(65001),
        (CharacterSetTerm.Gb18030, _) => Of(54936),
        (CharacterSetTerm.Gbk, _) => Of(936),
        _ => Latin1,
    };

    /// <summary>The G1 set that an escape sequence ESC 2D x designates.</summary>
    public static CodeElement? ForSingleByteEscape(byte final) => final switch
    {
        0x41 => Latin1,
        0x42 => Of(28592),
        0x43 => Of(28593),
        0x44 => Of(28594),
        0x4C => Of(28595),
        0x47 => Of(28596),
        0x46 => Of(28597),
        0x48 => Of(28598),
        0x4D => Of(28599),
        0x62 => Of(28605),
        0x54 => Of(874),
        _ => null,
    };

    /// <summary>Decodes bytes that are all in this set or ASCII.</summary>
    public string DecodeAll(ReadOnlySpan<byte> bytes) => _encoding.GetString(bytes);

    /// <summary>Appends the character of one or two bytes, as they are in the text.</summary>
    public void Append(StringBuilder text, byte first, byte second)
    {
        if (IsRomaji)
        {
            text.Append(first is >= 0xA1 and <= 0xDF ? (char)(0xFF61 + first - 0xA1) : '\uFFFD');
            return;
        }

        Span<byte> bytes = stackalloc byte[2];
        bytes[0] = IsDouble ? (byte)(first | 0x80) : first;

        // Code page 20932 tells the two JIS planes apart by the high bit of the second byte.
        bytes[1] = ReferenceEquals(this, Jis0212) ? (byte)(second & 0x7F) : (byte)(second | 0x80);
        Span<char> chars = stackalloc char[4];
        text.Append(chars[.._encoding.GetChars(bytes[..(IsDouble ? 2 : 1)], chars)]);
    }

    private static CodeElement Of(int codePage) => Cache.ByCodePage.GetOrAdd(codePage, static page => new CodeElement(page));

    private static class Cache
    {
        public static readonly System.Collections.Concurrent.ConcurrentDictionary<int, CodeElement> ByCodePage = new();
    }
}
