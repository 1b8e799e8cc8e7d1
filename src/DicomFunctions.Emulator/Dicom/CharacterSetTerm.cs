using System.Globalization;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>
/// A term of Specific Character Set, as the set's ISO registration number, or one of two numbers for the sets that have none.
/// Besides the defined terms (PS3.3 §C.12.1.1.2), unambiguous ones of real files are accepted: other separators and
/// case (<c>ISO-IR 100</c>, <c>iso_ir100</c>, <c>ISO2022IR87</c>), the name of the standard (<c>ISO 8859-1</c>, <c>Latin1</c>),
/// <c>UTF-8</c>.
/// </summary>
internal readonly record struct CharacterSetTerm(int Registration, bool HasCodeExtensions)
{
    public const int Utf8 = 192;
    public const int Gb18030 = -1;
    public const int Gbk = -2;
    private const int Ascii = 6;
    private const int MaxLength = 32;

    /// <summary>Parses one term; an unknown one means the default repertoire.</summary>
    public static CharacterSetTerm Parse(ReadOnlySpan<char> text)
    {
        Span<char> letters = stackalloc char[MaxLength];
        var length = 0;
        foreach (var c in text)
        {
            if (c is '_' or '-' or '\0' || char.IsWhiteSpace(c))
                continue;

            if (length == MaxLength)
                return new(Ascii, false);

            letters[length++] = char.ToUpperInvariant(c);
        }

        return ParseBare(letters[..length]);
    }

    private static CharacterSetTerm ParseBare(ReadOnlySpan<char> term)
    {
        var hasCodeExtensions = term.StartsWith("ISO2022");
        var number = hasCodeExtensions ? term[7..] : term.StartsWith("ISO") ? term[3..] : [];
        number = number.StartsWith("IR") ? number[2..] : number;
        return number.Length is > 0 and <= 3 && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var registration)
            ? new(registration, hasCodeExtensions)
            : new(ByName(term), false);
    }

    private static int ByName(ReadOnlySpan<char> term) => term switch
    {
        "ISO88591" or "LATIN1" => 100,
        "ISO88592" or "LATIN2" => 101,
        "ISO88593" => 109,
        "ISO88594" => 110,
        "ISO88595" => 144,
        "ISO88596" => 127,
        "ISO88597" => 126,
        "ISO88598" => 138,
        "ISO88599" or "LATIN5" => 148,
        "ISO885911" or "TIS620" => 166,
        "ISO885915" or "LATIN9" => 203,
        "UTF8" => Utf8,
        "GB18030" or "ISO2022GB18030" => Gb18030,
        "GBK" or "ISO2022GBK" => Gbk,
        _ => Ascii,
    };
}
