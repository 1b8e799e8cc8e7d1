using System.Text.RegularExpressions;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

public sealed partial class LinkTests
{
    public static TheoryData<string> Pages =>
    [
        "README.md", "CONTRIBUTING.md", "eng/contracts/README.md",
        .. Directory.EnumerateFiles(Repository.Path("docs"), "*.md", SearchOption.AllDirectories)
            .Select(page => Path.GetRelativePath(Repository.Path(""), page)),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_between_pages_leads_to_a_file_and_a_heading_that_exist(string page)
    {
        var folder = Path.GetDirectoryName(Repository.Path(page))!;
        foreach (var link in Link().Matches(File.ReadAllText(Repository.Path(page))).Cast<Match>())
        {
            var target = Path.Combine(folder, link.Groups["path"].Value);
            Assert.True(File.Exists(target) || Directory.Exists(target), $"{page} links to {link.Value}, which does not exist.");
            if (link.Groups["heading"] is { Success: true, Value: var heading })
                Assert.Contains(heading, File.ReadLines(target).Where(line => line.StartsWith('#')).Select(Anchor));
        }
    }

    [Fact]
    public void The_index_of_decisions_links_every_page()
    {
        var index = Repository.Text("docs/decisions/README.md");
        var pages = Directory.EnumerateFiles(Repository.Path("docs/decisions"), "*.md")
            .Select(Path.GetFileName)
            .Except(["README.md"])
            .ToList();

        Assert.NotEmpty(pages);
        Assert.All(pages, page => Assert.Contains($"]({page})", index, StringComparison.Ordinal));
    }

    /// <summary>As GitHub makes it: punctuation goes, and spaces become hyphens.</summary>
    private static string Anchor(string line) =>
        string.Concat(line.TrimStart('#', ' ').ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_'))
            .Replace(' ', '-');

    [GeneratedRegex(@"\]\((?<path>[^)#:]+)(#(?<heading>[^)]+))?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
