using System.Text;
using System.Text.RegularExpressions;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>The path of an instance, as notifications name it: <see cref="DicomInstancePath"/>.</summary>
public sealed partial class NotificationPathFuzzTests
{
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "/", "//", "/../", "..", ".", "%2F", "?", "#", "://", "\\", "\0", "\n", " ", "é", "e\u0301", "𠮷", "😀", "studies", "projects/",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    [Fact]
    public void Every_path_is_read_back_part_by_part() => Fuzzing.Check(Paths.Instance.ToArbitrary(), path =>
    {
        Assert.True(DicomInstancePath.TryParse(Paths.Text(path), out var instance, out _));
        Assert.Equal(path, (instance.Store, instance.StudyInstanceUid, instance.SeriesInstanceUid, instance.SopInstanceUid));
        Assert.Equal(Paths.Text(path), instance.ToString());
    });

    [Fact]
    public void A_damaged_path_is_accepted_only_where_the_grammar_allows_it() =>
        Fuzzing.Check(
            Input.Of(Damage.Of(Paths.Instance.Select(path => Encoding.UTF8.GetBytes(Paths.Text(path))), Tokens)),
            AgreesWithTheGrammar,
            runs: 4000);

    [Theory]
    [Corpus("path")]
    public void What_was_found_stays_found(string file) =>
        Fuzzing.Replay(new Input(CorpusAttribute.Read("path", file), 1), AgreesWithTheGrammar);

    private static void AgreesWithTheGrammar(Input input)
    {
        // UTF-16, halves of pairs included, as well as what UTF-8 makes of the bytes.
        foreach (var text in new[] { Encoding.UTF8.GetString(input.Bytes), Encoding.Unicode.GetString(input.Bytes) })
        {
            var isPath = Memory.AtMost(8_000, () => DicomInstancePath.TryParse(text, out _, out _));
            Assert.Equal(Grammar().IsMatch(InOneUnitEach(text)), isPath);
            Assert.NotEqual(DicomInstancePath.TryParse(text, out var instance, out var problem), problem is not null);
            Assert.Equal(instance is null ? null : text, instance?.ToString());
            Assert.False(problem?.Message.Length == 0 || problem?.Code.Length == 0);
        }
    }

    /// <summary>
    /// The text with a letter of one UTF-16 unit for every letter or digit of two, and a sign for every other code point of two.
    /// </summary>
    private static string InOneUnitEach(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        rune.IsBmp ? rune.ToString() : Rune.IsLetter(rune) || Rune.IsNumber(rune) ? "é" : "!"));

    [GeneratedRegex(
        """
        \A projects/[A-Za-z0-9][A-Za-z0-9._:-]{0,127}
        /locations/[A-Za-z0-9_-]{1,64}
        /datasets/(?!\.{1,2}/)[\p{L}\p{N}_.-]{1,256}
        /dicomStores/(?!\.{1,2}/)[\p{L}\p{N}_.-]{1,256}
        /dicomWeb
        /studies/(?=[0-9.]{1,64}/)[0-9]+(\.[0-9]+)*
        /series/(?=[0-9.]{1,64}/)[0-9]+(\.[0-9]+)*
        /instances/(?=[0-9.]{1,64}\z)[0-9]+(\.[0-9]+)* \z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Grammar();
}
