using System.Globalization;

namespace DicomFunctions.Architecture.Tests;

/// <summary>
/// What <c>dotnet format whitespace</c> does not hold of <c>.editorconfig</c>: the length of a line, and the order of usings.
/// </summary>
public sealed class LineTests
{
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("bench")]
    [InlineData("eng")]
    public void No_line_is_longer_than_the_limit(string folder)
    {
        var limit = Limit();
        var tooLong =
            from path in Repository.SourceFiles(folder)
            from line in File.ReadLines(path).Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > limit
            select $"{Repository.Relative(path)}:{line.Number} has {line.Text.Length} characters, more than {limit}.";

        Repository.AssertNone(tooLong);
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("bench")]
    public void Usings_of_System_come_first_and_each_kind_in_order(string folder)
    {
        var unordered =
            from path in Repository.SourceFiles(folder)
            let usings = File.ReadLines(path).TakeWhile(line => !line.StartsWith("namespace ", StringComparison.Ordinal))
                .Where(line => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('='))
                .Where(line => !line.StartsWith("using static ", StringComparison.Ordinal) && line.EndsWith(';'))
                .Select(line => line["using ".Length..^1])
                .Where(name => name.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '_'))
                .ToList()
            let ordered = usings
                .OrderBy(name => name != "System" && !name.StartsWith("System.", StringComparison.Ordinal))
                .ThenBy(name => name.Replace(".", "\0", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase)
            where !usings.SequenceEqual(ordered)
            select $"{Repository.Relative(path)}: order its usings.";

        Repository.AssertNone(unordered);
    }

    private static int Limit()
    {
        const string Key = "max_line_length = ";
        var line = File.ReadLines(Path.Combine(Repository.Folder, ".editorconfig"))
            .Single(line => line.StartsWith(Key, StringComparison.Ordinal));
        return int.Parse(line[Key.Length..], CultureInfo.InvariantCulture);
    }
}
