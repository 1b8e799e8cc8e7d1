using System.Text.RegularExpressions;

namespace DicomFunctions.Architecture.Tests;

/// <summary>
/// The name of a test is a sentence with underscores. Its first word may be the member it is about; after that, words are in lower case
/// unless they are acronyms, identifiers in quotation, or proper names.
/// </summary>
public sealed partial class TestNameTests
{
    private static readonly HashSet<string> Capitalized =
    [
        "Azure", "Azurite", "Base64", "Beam", "Bicep", "Cloud", "Consumption", "Durable", "Entra", "Flex", "Functions", "GiB", "Google",
        "Googles", "Healthcare", "Japanese", "JsonDocument", "JsonReader", "Latin", "Linux", "MiB", "Orthanc", "Orthancs",
        "PixelRepresentation", "Pub", "Python", "Storage", "Sub", "System", "Terraform", "Terraforms", "ToString", "Unicode",
        "UseContracts", "Windows",
    ];

    [Fact]
    public void Test_names_are_sentences()
    {
        var others =
            from path in Repository.SourceFiles("tests")
            from Match test in Test().Matches(File.ReadAllText(path))
            let name = test.Groups["name"].Value
            where !IsSentence(name)
            select $"{Repository.Relative(path)}: {name}";

        Repository.AssertNone(others);
    }

    [Theory]
    [InlineData("A_dropped_file_is_stored", true)]
    [InlineData("WaitAsync_while_limited_spaces_requests_out", true)]
    [InlineData("A_413_names_the_UIDs_of_Cloud_Healthcare", true)]
    [InlineData("WaitAsync_WhileLimited_SpacesRequestsOut", false)]
    [InlineData("Stow_IsComplete", false)]
    [InlineData("IsComplete", false)]
    public void A_sentence_has_lower_case_words(string name, bool isSentence) => Assert.Equal(isSentence, IsSentence(name));

    private static bool IsSentence(string name)
    {
        var words = name.Split('_');
        return words.Length > 1 && words.Skip(1).All(word => Capitalized.Contains(word) || !Word().IsMatch(word));
    }

    /// <summary>A word of the other style: a capital letter, and a small one after it.</summary>
    [GeneratedRegex("^[A-Z][a-z]")]
    private static partial Regex Word();

    /// <summary>An attribute whose name ends in Fact or Theory, any other attributes and comments, and the method.</summary>
    [GeneratedRegex(
        @"^ +\[[^\n]*?\w*(?:Fact|Theory)\b[^\n]*\n(?:(?!^ +(?:public|internal)\b)[^\n]*\n)*? +(?:public|internal) [^\n(]*?(?<name>\w+)\(",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Test();
}
