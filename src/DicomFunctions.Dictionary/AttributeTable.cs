using System.Globalization;
using System.Text;

namespace DicomFunctions.Dictionary;

/// <summary>
/// Finds lines of the table, which is used in place, in the assembly; the index takes some ten bytes an attribute.
/// The lines of single tags come first, by tag, then those of repeating groups, with an <c>x</c> for each digit that varies.
/// </summary>
internal static partial class AttributeTable
{
    private static readonly Index Built = Build();

    public static int Count => Built.Starts.Length;

    /// <summary>The line with a tag, or a negative number.</summary>
    public static int IndexOf(uint tag)
    {
        var index = Array.BinarySearch(Built.Tags, tag);
        if (index >= 0 || !IsRepeating(tag))
            return index;
        var patterns = Built.Patterns;
        for (var i = 0; i < patterns.Length; i++)
        {
            if (patterns[i].Matches(tag))
                return Built.Tags.Length + i;
        }

        return -1;
    }

    public static VrChoice VrsAt(int index) => Built.Choices[Built.ChoiceOf[index]];

    public static DicomAttribute At(int index)
    {
        var line = LineAt(Built.Starts[index]);
        return new DicomAttribute
        {
            Tag = index < Built.Tags.Length ? Built.Tags[index] : FirstOf(Built.Patterns[index - Built.Tags.Length]),
            Vrs = VrsAt(index).Vrs,
            Multiplicity = Encoding.ASCII.GetString(Field(line, 2)),
            Keyword = Encoding.ASCII.GetString(KeywordAt(index)),
            IsRetired = !Field(line, 4).IsEmpty,
        };
    }

    public static ReadOnlySpan<byte> KeywordAt(int index) =>
        Field(LineAt(Built.Starts[index]), 3) is var keyword && keyword is [(byte)'-'] ? [] : keyword;

    /// <summary>Whether the tag can be in a repeating group, which never has private tags.</summary>
    private static bool IsRepeating(uint tag) =>
        (tag & 0x10000) == 0 && ((tag >> 16) is 0x0020 or 0x0028 or 0x1000 or 0x1010 || (tag >> 24) is 0x50 or 0x60 or 0x7F);

    /// <summary>The first tag of a pattern. In (0028,04x0), x starts at 1: (0028,0400) is another attribute.</summary>
    private static uint FirstOf(TagPattern pattern) => Array.BinarySearch(Built.Tags, pattern.Lowest) < 0 ? pattern.Lowest : pattern.Second;

    private static ReadOnlySpan<byte> LineAt(int start)
    {
        var rest = Text[start..];
        var end = rest.IndexOf((byte)'\n');
        return (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int number)
    {
        for (; number > 0; number--)
        {
            var space = line.IndexOf((byte)' ');
            line = space < 0 ? [] : line[(space + 1)..];
        }

        var end = line.IndexOf((byte)' ');
        return end < 0 ? line : line[..end];
    }

    private static Index Build()
    {
        List<uint> tags = [];
        List<int> starts = [];
        List<TagPattern> patterns = [];
        List<byte> choiceOf = [];
        Dictionary<string, byte> known = [];
        List<VrChoice> choices = [];
        for (var start = 0; start < Text.Length; start += Text[start..].IndexOf((byte)'\n') is >= 0 and var end ? end + 1 : Text.Length)
        {
            var line = LineAt(start);
            starts.Add(start);
            if (uint.TryParse(line[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var tag))
                tags.Add(tag);
            else
                patterns.Add(TagPattern.Parse(line[..8]));
            var vrs = Encoding.ASCII.GetString(Field(line, 1));
            if (!known.TryGetValue(vrs, out var choice))
            {
                known.Add(vrs, choice = (byte)choices.Count);
                choices.Add(VrChoice.Parse(Field(line, 1)));
            }

            choiceOf.Add(choice);
        }

        return new Index([.. tags], [.. patterns], [.. starts], [.. choiceOf], [.. choices]);
    }

    private sealed record Index(uint[] Tags, TagPattern[] Patterns, int[] Starts, byte[] ChoiceOf, VrChoice[] Choices);
}
