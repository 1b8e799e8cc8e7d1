using System.Globalization;

namespace DicomFunctions.Local.Output;

/// <summary>Makes text of servers and files safe to print: on a terminal, control characters could do anything.</summary>
internal static class Printable
{
    public static string Of(string text) =>
        text.Any(IsUnsafe) ? string.Concat(text.Select(letter => IsUnsafe(letter) ? '\uFFFD' : letter)) : text;

    private static bool IsUnsafe(char letter) =>
        char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator;
}
