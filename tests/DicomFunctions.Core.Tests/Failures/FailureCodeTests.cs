using System.Text.RegularExpressions;
using DicomFunctions.Core.Failures;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Failures;

public sealed partial class FailureCodeTests
{
    [Fact]
    public void The_docs_tell_of_every_code_once_and_of_no_other()
    {
        var docs = File.ReadAllText(RepositoryFolder.File("docs", "records.md"));
        var table = docs[docs.IndexOf("| `error.code` |", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n\n", StringComparison.Ordinal)];
        var told = table.Split('\n')[2..].SelectMany(row => Code().Matches(row.Split('|')[1]).Select(match => match.Groups[1].Value));

        Assert.Equal(
            typeof(FailureCode).GetFields().Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal),
            told.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Code();
}
