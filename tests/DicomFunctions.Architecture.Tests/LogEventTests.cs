using System.Globalization;
using System.Text.RegularExpressions;
using DicomFunctions.Architecture.Tests.Namespaces;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DicomFunctions.Architecture.Tests;

/// <summary>Every line of the log has an id of its own, and is in the one table of docs/operations.md.</summary>
public sealed partial class LogEventTests
{
    private static readonly IReadOnlyList<LogEvent> Logged =
        [.. SourceProject.LoadAll().SelectMany(project => project.Files).SelectMany(Read)];

    private static readonly IReadOnlyList<LogEvent> Documented =
    [
        .. Row().Matches(File.ReadAllText(Path.Combine(Repository.Folder, "docs/operations.md"))).Select(row => new LogEvent(
            int.Parse(row.Groups["id"].Value, CultureInfo.InvariantCulture), row.Groups["level"].Value, row.Groups["text"].Value, "")),
    ];

    [Fact]
    public void No_two_lines_of_the_log_have_the_same_id()
    {
        Assert.True(Logged.Count > 30);
        Repository.AssertNone(Logged.GroupBy(line => line.Id).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key}: {string.Join(", ", same.Select(line => line.Path))}"));
    }

    [Fact]
    public void The_table_of_the_documentation_has_every_line_of_the_log_in_order_of_ids() => Assert.Equal(
        Logged.OrderBy(line => line.Id).Select(line => (line.Id, line.Level, line.Text)),
        Documented.Select(line => (line.Id, line.Level, line.Text)));

    [Fact]
    public void Nothing_is_logged_in_another_way()
    {
        var others =
            from file in SourceProject.LoadAll().SelectMany(project => project.Files)
            from Match call in OtherCall().Matches(file.Text)
            select $"{file.Path}: {call.Value} has no id. Use [LoggerMessage].";

        Repository.AssertNone(others);
    }

    private static IEnumerable<LogEvent> Read(SourceFile file) =>
        from attribute in CSharpSyntaxTree.ParseText(file.Text).GetRoot().DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() == "LoggerMessage"
        let arguments = attribute.ArgumentList!.Arguments
        select new LogEvent(
            int.Parse(arguments[0].ToString(), CultureInfo.InvariantCulture),
            arguments[1].ToString().Split('.')[^1],
            string.Concat(arguments[2].DescendantTokens().Where(token => token.IsKind(SyntaxKind.StringLiteralToken))
                .Select(token => token.ValueText)).Replace("\n", "\\n", StringComparison.Ordinal),
            file.Path);

    [GeneratedRegex(
        @"^\| (?<id>\d+) \| (?<level>Trace|Debug|Information|Warning|Error|Critical) \| (?<text>.+?) \| .*\|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"\.(?:Log(?:Trace|Debug|Information|Warning|Error|Critical)|Log)\(\s*(?:LogLevel|\$?"")")]
    private static partial Regex OtherCall();

    private sealed record LogEvent(int Id, string Level, string Text, string Path);
}
