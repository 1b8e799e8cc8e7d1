using DicomFunctions.Core.Sources;
using DicomFunctions.Fuzz.Tests.Harness;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>Patterns of sources: <see cref="Glob"/>, beside the definition written down plainly.</summary>
public sealed class GlobFuzzTests
{
    private static readonly Gen<string> Pattern =
        Gen.Elements("a", "b", "/", "*", "?", "**", "**/", "/**/", "a/", "é", ".")
            .ArrayOf()
            .Select(pieces => string.Concat(pieces.Take(12)));

    private static readonly Gen<string> Name = Gen.Elements("a", "b", "/", "ab", "é", ".", "a/")
        .ArrayOf()
        .Select(pieces => string.Concat(pieces.Take(12)));

    [Fact]
    public void A_name_matches_as_the_definition_says() => Fuzzing.Check(
        (from pattern in Pattern from name in Name select (pattern, name)).ToArbitrary(),
        both =>
        {
            var (pattern, name) = both;
            var glob = new Glob(pattern);
            var isMatch = glob.IsMatch(name);
            Assert.Equal(Matches(pattern.EndsWith('/') ? pattern + "**" : pattern, 0, name, 0), isMatch);
            if (!isMatch)
                return;
            Assert.StartsWith(glob.Prefix, name, StringComparison.Ordinal);
            Assert.True(!glob.IsFlat || !name[glob.Folder.Length..].Contains('/', StringComparison.Ordinal));
            for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = name.IndexOf('/', slash + 1))
            {
                Assert.True(
                    slash < glob.Folder.Length || glob.MayMatchBelow(name.AsSpan(0, slash)), $"{name[..slash]} is not looked into.");
            }

        },
        runs: 10_000);

    [Fact]
    public void A_hostile_pattern_is_soon_done_with() => Fuzzing.Check(
        (from pattern in Pattern from name in Name from times in Gen.Choose(1, 60) select (pattern, name, times)).ToArbitrary(),
        hostile =>
        {
            var pattern = string.Concat(Enumerable.Repeat(hostile.pattern, hostile.times));
            var name = string.Concat(Enumerable.Repeat(hostile.name, 5 * hostile.times));
            Memory.AtMost(200_000 + (50L * (pattern.Length + name.Length)), () => new Glob(pattern).IsMatch(name));
        });

    /// <summary>Goes back and tries again: right, and slow.</summary>
    private static bool Matches(string pattern, int at, string name, int from)
    {
        if (at == pattern.Length)
            return from == name.Length;
        var stars = pattern.AsSpan(at).IndexOfAnyExcept('*') is var run && run < 0 ? pattern.Length - at : run;
        if (stars == 0)
        {
            return from < name.Length
                && (pattern[at] == '?' ? name[from] != '/' : pattern[at] == name[from]) && Matches(pattern, at + 1, name, from + 1);
        }

        var next = at + stars;
        if (stars >= 2 && next < pattern.Length && pattern[next] == '/' && (at == 0 || pattern[at - 1] == '/'))
        {
            // Folders, or none.
            return Matches(pattern, next + 1, name, from)
                || Enumerable.Range(from, name.Length - from).Any(end => name[end] == '/' && Matches(pattern, next + 1, name, end + 1));
        }

        for (var end = from; ; end++)
        {
            if (Matches(pattern, next, name, end))
                return true;
            if (end == name.Length || (stars == 1 && name[end] == '/'))
                return false;
        }
    }
}
