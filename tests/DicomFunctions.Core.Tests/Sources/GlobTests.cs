using DicomFunctions.Core.Sources;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources;

public sealed class GlobTests
{
    [Theory]
    [InlineData("a/*.dcm", "a/x.dcm", true)]
    [InlineData("a/*.dcm", "a/.dcm", true)]
    [InlineData("a/*.dcm", "a/b/x.dcm", false)]
    [InlineData("a/*.dcm", "a/x.DCM", false)]
    [InlineData("a/*.dcm", "a/x.dcm.json", false)]
    [InlineData("a/*.dcm", "b/x.dcm", false)]
    [InlineData("a/?.dcm", "a/x.dcm", true)]
    [InlineData("a/?.dcm", "a/.dcm", false)]
    [InlineData("a/?.dcm", "a/xy.dcm", false)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("a/**/x.dcm", "a/x.dcm", true)]
    [InlineData("a/**/x.dcm", "a/b/c/x.dcm", true)]
    [InlineData("a/**/x.dcm", "a/b/cx.dcm", false)]
    [InlineData("a/**/b/**/x", "a/1/b/2/3/x", true)]
    [InlineData("a/**/b/**/x", "a/1/c/2/3/x", false)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**", "a/", true)]
    [InlineData("a/**.dcm", "a/b/c.dcm", true)]
    [InlineData("a/x**/y", "a/x1/2/y", true)]
    [InlineData("a/x**/y", "a/xy", false)]
    [InlineData("a/", "a/b/c", true)]
    [InlineData("a/", "ab", false)]
    [InlineData("a/*/", "a/b/c/d", true)]
    [InlineData("a/*/", "a/b", false)]
    [InlineData("**", "any/thing", true)]
    [InlineData("**/*.dcm", "x.dcm", true)]
    [InlineData("a/*x*x*.dcm", "a/1x2x3.dcm", true)]
    [InlineData("a/*x*x*.dcm", "a/1x23.dcm", false)]
    [InlineData("a/[x].dcm", "a/x.dcm", false)] // brackets stand for themselves
    [InlineData("a/[x]*.dcm", "a/[x]1.dcm", true)]
    [InlineData("plain", "plain", true)]
    public void IsMatch_examples(string pattern, string name, bool isMatch) => Assert.Equal(isMatch, new Glob(pattern).IsMatch(name));

    [Theory]
    [InlineData("a/b/c*.dcm", "a/b/c", "a/b/", true)]
    [InlineData("a/b/", "a/b/", "a/b/", false)]
    [InlineData("a/*/x.dcm", "a/", "a/", false)]
    [InlineData("a/**/x.dcm", "a/", "a/", false)]
    [InlineData("*", "", "", true)]
    public void Prefix_is_the_longest_literal_one(string pattern, string prefix, string folder, bool isFlat)
    {
        var glob = new Glob(pattern);
        Assert.Equal((prefix, folder, isFlat), (glob.Prefix, glob.Folder, glob.IsFlat));
    }

    [Theory]
    [InlineData("/d/*.dcm", "/d/x", false)]
    [InlineData("/d/*/y.dcm", "/d/x", true)]
    [InlineData("/d/*/y.dcm", "/d/x/z", false)]
    [InlineData("/d/**/y.dcm", "/d/x/z", true)]
    public void MayMatchBelow_folders_too_deep_is_false(string pattern, string folder, bool may) =>
        Assert.Equal(may, new Glob(pattern).MayMatchBelow(folder));

    [Fact]
    public void IsMatch_agrees_with_the_definition_on_random_patterns()
    {
        var random = new Random(7);
        const string alphabet = "ab/*?*";
        for (var round = 0; round < 20_000; round++)
        {
            var pattern = new string([.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            var name = new string([.. Enumerable.Range(0, random.Next(0, 8)).Select(_ => alphabet[random.Next(3)])]);
            Assert.True(Matches(pattern, name) == new Glob(pattern).IsMatch(name), $"{pattern} and {name}");
        }
    }

    [Fact]
    public void IsMatch_hostile_pattern_ends()
    {
        // A matcher that goes back and tries again would be at it for years.
        var glob = new Glob("a/" + string.Concat(Enumerable.Repeat("*a**/", 150)) + "b");
        Assert.False(glob.IsMatch("a/" + new string('a', 1000)));
    }

    /// <summary>The documented meaning, by way of a regular expression.</summary>
    private static bool Matches(string pattern, string name)
    {
        if (pattern.EndsWith('/'))
            pattern += "**";
        var expression = System.Text.RegularExpressions.Regex.Replace(pattern, @"(?<=^|/)\*{2,}/|\*{2,}|\*|\?", found => found.Value switch
        {
            "?" => "[^/]",
            "*" => "[^/]*",
            _ when found.Value.EndsWith('/') => "(.*/)?",
            _ => ".*",
        });
        return System.Text.RegularExpressions.Regex.IsMatch(name, $"^{expression}\\z");
    }
}
