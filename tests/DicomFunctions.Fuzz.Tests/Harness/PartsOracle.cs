using System.Text;
using System.Text.RegularExpressions;

namespace DicomFunctions.Fuzz.Tests.Harness;

/// <summary>What a multipart body whose boundary is <c>b</c> holds, found with all of it at hand.</summary>
/// <param name="Parts">The parts that are whole.</param>
/// <param name="Ending">How the body ends: whole, broken off or malformed.</param>
internal sealed partial record PartsOracle(IReadOnlyList<byte[]> Parts, string Ending)
{
    public const string Whole = "whole";
    public const string Broken = "broken off";
    public const string Malformed = "malformed";

    private const string Delimiter = "\r\n--b";

    public static PartsOracle Read(byte[] body)
    {
        var text = "\r\n" + Encoding.Latin1.GetString(body);
        List<byte[]> parts = [];
        var at = text.IndexOf(Delimiter, StringComparison.Ordinal);
        if (at < 0)
            return new PartsOracle(parts, text.Trim(' ', '\t', '\r', '\n').Length == 0 ? Whole : Broken);
        var content = -1;
        while (true)
        {
            var rest = text[(at + Delimiter.Length)..];
            var line = RestOfLine.Match(rest);
            if (!rest.StartsWith("--", StringComparison.Ordinal) && !line.Success)
                return new PartsOracle(parts, IncompleteLine.IsMatch(rest) ? Broken : Malformed);
            if (content >= 0)
                parts.Add(Encoding.Latin1.GetBytes(text[content..at]));
            if (!line.Success)
                return new PartsOracle(parts, Whole);
            content = at + Delimiter.Length + line.Length;
            for (var hasHeader = false; ; hasHeader = true)
            {
                var end = text.IndexOf('\n', content);
                if (end < 0)
                    return new PartsOracle(parts, Broken);
                var header = text[content..end];
                if (header.EndsWith('\r'))
                    header = header[..^1];
                content = end + 1;
                if (header.Length == 0)
                    break;
                if (!(hasHeader && header[0] is ' ' or '\t') && !Header.IsMatch(header))
                    return new PartsOracle(parts, Malformed);
            }

            at = text.IndexOf(Delimiter, content, StringComparison.Ordinal);
            if (at < 0)
                return new PartsOracle(parts, Broken);
        }
    }

    [GeneratedRegex(@"\A[ \t]*\r?\n")]
    private static partial Regex RestOfLine { get; }

    [GeneratedRegex(@"\A(-|[ \t]*\r?)\z")]
    private static partial Regex IncompleteLine { get; }

    [GeneratedRegex(@"\A[!-9;-~]+[ \t]*:")]
    private static partial Regex Header { get; }
}
