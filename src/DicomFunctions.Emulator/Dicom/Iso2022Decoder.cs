using System.Text;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>
/// Decodes text with code extensions (PS3.5 §6.1.2.4): escape sequences designate the character sets of the lower (G0) and upper (G1) half
/// of the byte range, until the next escape or until a delimiter restores the initial state (PS3.5 §6.1.2.5.3).
/// </summary>
internal ref struct Iso2022Decoder
{
    public const byte Escape = 0x1B;
    private readonly CodeElement _initial;
    private readonly Vr _vr;
    private CodeElement? _doubleG0;
    private bool _romaji;
    private CodeElement _g1;

    public Iso2022Decoder(CodeElement initial, Vr vr)
    {
        _initial = initial;
        _vr = vr;
        _g1 = initial;
        Reset();
    }

    public string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
            bytes = bytes[0] == Escape ? Designate(bytes) : Character(bytes, text);

        return text.ToString();
    }

    private ReadOnlySpan<byte> Character(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        var first = bytes[0];
        if (first >= 0x80)
            return Take(bytes, _g1, text);

        if (_doubleG0 is { } g0 && first > 0x20)
            return Take(bytes, g0, text);

        if (IsDelimiter(first))
        {
            Reset();
            text.Append((char)first);
        }
        else
        {
            text.Append(_romaji ? first switch { 0x5C => '¥', 0x7E => '‾', _ => (char)first } : (char)first);
        }

        return bytes[1..];
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> bytes, CodeElement element, StringBuilder text)
    {
        if (!element.IsDouble)
        {
            element.Append(text, bytes[0], 0);
            return bytes[1..];
        }

        if (bytes.Length == 1)
        {
            text.Append('\uFFFD');
            return [];
        }

        element.Append(text, bytes[0], bytes[1]);
        return bytes[2..];
    }

    private readonly bool IsDelimiter(byte value) => value switch
    {
        (byte)'\r' or (byte)'\n' or (byte)'\t' or 0x0C => true,
        (byte)'\\' => !_vr.IsSingleText(),
        (byte)'^' or (byte)'=' => _vr == Vr.PN,
        _ => false,
    };

    private void Reset()
    {
        _doubleG0 = null;
        _romaji = _initial.IsRomaji;
        _g1 = _initial;
    }

    private ReadOnlySpan<byte> Designate(ReadOnlySpan<byte> bytes)
    {
        switch (bytes)
        {
            case [_, 0x24, 0x28, 0x44, ..]:
                _doubleG0 = CodeElement.Jis0212;
                return bytes[4..];
            case [_, 0x24, 0x29, 0x43, ..]:
                _g1 = CodeElement.Korean;
                return bytes[4..];
            case [_, 0x24, 0x29, 0x41, ..]:
                _g1 = CodeElement.Chinese;
                return bytes[4..];
            case [_, 0x24, 0x42, ..]:
                _doubleG0 = CodeElement.Jis0208;
                return bytes[3..];
            case [_, 0x28, 0x42, ..]:
                _doubleG0 = null;
                _romaji = false;
                return bytes[3..];
            case [_, 0x28, 0x4A, ..]:
                _doubleG0 = null;
                _romaji = true;
                return bytes[3..];
            case [_, 0x29, 0x49, ..]:
                _g1 = CodeElement.Katakana;
                return bytes[3..];
            case [_, 0x2D, var final, ..] when CodeElement.ForSingleByteEscape(final) is { } element:
                _g1 = element;
                return bytes[3..];
            default:
                return bytes[1..];
        }
    }
}
