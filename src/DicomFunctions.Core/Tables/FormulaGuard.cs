namespace DicomFunctions.Core.Tables;

/// <summary>Keeps spreadsheets from running text as a formula (CSV injection).</summary>
internal static class FormulaGuard
{
    /// <summary>What a formula begins with, in any width; tab and line breaks begin a new cell or line in some spreadsheets.</summary>
    private const string Starts = "=+-@\t\r\n＝＋－＠";

    /// <summary>The text, after an apostrophe if a spreadsheet might run it. Spaces before a formula do not make it harmless.</summary>
    public static string Defuse(string text) =>
        text.AsSpan().TrimStart(' ') is [var first, ..] && Starts.Contains(first, StringComparison.Ordinal) ? "'" + text : text;
}
