using System.Text;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>
/// Decodes text according to Specific Character Set (0008,0005) (PS3.3 §C.12.1.1.2, PS3.5 §6.1.2).
/// Invalid bytes become replacement characters, so that answers are always valid UTF-8.
/// </summary>
internal sealed class SpecificCharacterSet
{
    /// <summary>For files that name no character set: ISO 646, and Latin-1 for the other bytes that some writers use anyway.</summary>
    public static readonly SpecificCharacterSet Default = new(CodeElement.Latin1, extended: false);
    private readonly CodeElement _initial;
    private readonly bool _extended;

    private SpecificCharacterSet(CodeElement initial, bool extended)
    {
        _initial = initial;
        _extended = extended;
    }

    /// <summary>Parses the attribute's value: terms separated by backslashes. An unknown term means the default repertoire.</summary>
    public static SpecificCharacterSet Parse(string value)
    {
        CodeElement? initial = null;
        var extended = false;
        foreach (var range in value.AsSpan().Split('\\'))
        {
            var term = CharacterSetTerm.Parse(value.AsSpan(range));
            var element = CodeElement.ForTerm(term);
            if (element.StandsAlone && (initial is null || range.Start.Value == 1))
            {
                // It excludes other terms; after an empty first value, it is meant to be the only one.
                return new SpecificCharacterSet(element, extended: false);
            }

            extended |= initial is not null || term.HasCodeExtensions;
            initial ??= element;
        }

        initial ??= CodeElement.Latin1;
        return !extended && ReferenceEquals(initial, CodeElement.Latin1) ? Default : new SpecificCharacterSet(initial, extended);
    }

    /// <summary>Decodes one element's value, delimiters included.</summary>
    public string Decode(ReadOnlySpan<byte> bytes, Vr vr)
    {
        if (System.Text.Ascii.IsValid(bytes) && !bytes.Contains(Iso2022Decoder.Escape) && !_initial.IsRomaji)
            return Encoding.ASCII.GetString(bytes);

        return _extended || _initial.IsRomaji
            ? new Iso2022Decoder(_initial, vr).Decode(bytes)
            : _initial.DecodeAll(bytes);
    }
}
