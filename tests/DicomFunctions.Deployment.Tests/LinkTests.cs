using System.Text.RegularExpressions;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

public sealed partial class LinkTests
{
    public static TheoryData<string> Pages =>
    [
        "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "eng/contracts/README.md",
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

    /// <summary>The index lists every page, and every page leads on to others: none is a dead end.</summary>
    [Fact]
    public void The_index_lists_every_page_and_every_page_links_to_another()
    {
        var index = Repository.Text("docs/README.md");
        var pages = Directory.EnumerateFiles(Repository.Path("docs"), "*.md").Select(Path.GetFileName).Except(["README.md"]).ToList();

        Assert.True(pages.Count > 15);
        Assert.All(pages, page => Assert.Contains($"]({page})", index, StringComparison.Ordinal));
        Assert.All(pages, page => Assert.Matches(Link(), Repository.Text($"docs/{page}")));
        Assert.Contains("](docs/README.md)", Repository.Text("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_picture_is_shown_fits_light_and_dark_and_says_in_words_what_it_shows()
    {
        var pages = Repository.Text("README.md") + Repository.Text("docs", "*.md");
        var pictures = Directory.GetFiles(Repository.Path("docs/images"));

        Assert.NotEmpty(pictures);
        Assert.All(pictures, picture =>
        {
            var text = File.ReadAllText(picture);
            Assert.Contains($"images/{Path.GetFileName(picture)})", pages, StringComparison.Ordinal);
            Assert.Contains("prefers-color-scheme: dark", text, StringComparison.Ordinal);
            Assert.Contains("<desc", text, StringComparison.Ordinal);
        });
    }

    /// <summary>The examples are compiled and run by the tests of the packages; the page shows the same text.</summary>
    [Theory]
    [InlineData("library")]
    [InlineData("custom")]
    public void The_page_of_the_library_shows_the_examples_as_they_are(string example)
    {
        var program = Repository.Text($"examples/{example}/Program.cs").Split("\n/// <summary>")[0].TrimEnd();

        Assert.Contains($"```csharp\n{program}\n```", Repository.Text("docs/library.md"), StringComparison.Ordinal);
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
