using System.Collections.Frozen;
using System.Globalization;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>
/// The part of the PS3.6 data dictionary that is needed: what searches return, filter by or may include, and the sequences that an
/// implicit VR data set commonly has. Anything else is read as UN.
/// </summary>
internal static partial class DicomDictionary
{
    private static readonly FrozenDictionary<uint, DictionaryEntry> ByTag = Parse().ToFrozenDictionary(entry => entry.Tag);

    private static readonly FrozenDictionary<string, DictionaryEntry> ByKeyword =
        ByTag.Values.ToFrozenDictionary(entry => entry.Keyword, StringComparer.Ordinal);

    /// <summary>The value representation, or <see cref="Vr.None"/> for an attribute that is not known.</summary>
    public static Vr VrOf(uint tag)
    {
        if (ByTag.TryGetValue(tag, out var entry))
        {
            return entry.Vr;
        }

        return (tag & 0xFFFF) switch
        {
            0x0000 => Vr.UL, // group length
            >= 0x0010 and <= 0x00FF when Tags.IsPrivate(tag) => Vr.LO, // private creator
            _ => Vr.None,
        };
    }

    /// <summary>Finds an attribute by its keyword or its tag of eight hex digits (PS3.18 §8.3.1.1).</summary>
    public static DictionaryEntry? Find(ReadOnlySpan<char> keywordOrTag)
    {
        if (keywordOrTag.Length == 8 && uint.TryParse(keywordOrTag, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tag))
        {
            return ByTag.GetValueOrDefault(tag);
        }

        return ByKeyword.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(keywordOrTag, out var entry) ? entry : null;
    }

    /// <summary>Every attribute of one level of the information model.</summary>
    public static IEnumerable<DictionaryEntry> OfLevel(AttributeLevel level) => ByTag.Values.Where(entry => entry.Level == level);

    private static IEnumerable<DictionaryEntry> Parse()
    {
        foreach (var line in Entries.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = line.Split(' ');
            yield return new DictionaryEntry(
                uint.Parse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                parts[1] == "XS" ? Vr.UsOrSs : (Vr)((parts[1][0] << 8) | parts[1][1]),
                parts[3],
                parts[2] switch { "S" => AttributeLevel.Study, "E" => AttributeLevel.Series, _ => AttributeLevel.Instance });
        }
    }
}
