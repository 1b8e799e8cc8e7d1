using DicomFunctions.Emulator.Qido;

namespace DicomFunctions.Emulator.Tests.Qido;

public sealed class PersonNameMatchTests
{
    [Theory]
    [InlineData("Doe^Jane", "Doe^Jane", true)]
    [InlineData("Doe^Jane^^^", "Doe^Jane", true)]
    [InlineData("Doe^Jane", "Doe^Jane^^", true)]
    [InlineData("Doe^Jane", "doe^jane", false)]
    [InlineData("Yamada^Tarou=山田^太郎=やまだ^たろう", "山田^太郎", true)]
    [InlineData("Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada^Tarou=山田^太郎=やまだ^たろう", true)]
    [InlineData("Doe^Jane", "Doe", false)]
    [InlineData("", "Doe", false)]
    public void IsExact_compares_the_name_or_a_group(string name, string value, bool expected) =>
        Assert.Equal(expected, PersonNameMatch.IsExact(name, value));

    [Theory]
    [InlineData("Doe^Jane Ann", "ann", true)]
    [InlineData("Doe^Jane Ann", "smith jan", true)]
    [InlineData("Doe^Jane Ann", "JANE^DOE", true)]
    [InlineData("Doe^Jane Ann", "oe", false)]
    [InlineData("Yamada^Tarou=山田^太郎", "山", true)]
    [InlineData("Doe^Jane", "^", false)]
    public void IsFuzzy_matches_prefixes_of_words(string name, string search, bool expected) =>
        Assert.Equal(expected, PersonNameMatch.IsFuzzy(name, search));
}
