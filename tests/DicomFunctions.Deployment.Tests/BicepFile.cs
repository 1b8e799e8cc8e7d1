using System.Text.RegularExpressions;

namespace DicomFunctions.Deployment.Tests;

/// <summary>The parts of a Bicep file that these tests examine. CI runs Bicep itself.</summary>
internal sealed partial class BicepFile(string text)
{
    public static BicepFile Read(string path) => new(Repository.Text(path));

    public IEnumerable<string> Parameters => Parameter().Matches(text).Select(match => match.Groups["name"].Value);

    public IEnumerable<string> RequiredParameters =>
        Parameter().Matches(text).Where(match => !match.Groups["default"].Success).Select(match => match.Groups["name"].Value);

    public IEnumerable<string> Outputs => Output().Matches(text).Select(match => match.Groups["name"].Value);

    /// <summary>The modules used, each with the names of the parameters passed to it.</summary>
    public IEnumerable<(string Path, IReadOnlyList<string> Passed)> Modules =>
        Module().Matches(text).Select(match => (
            match.Groups["path"].Value,
            (IReadOnlyList<string>)[.. Passed().Matches(match.Groups["params"].Value).Select(passed => passed.Groups["name"].Value)]));

    [GeneratedRegex(@"^param (?<name>\w+) ?(\w+)?(?<default> = .*)?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^output (?<name>\w+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Output();

    [GeneratedRegex(
        @"^module \w+ '(?<path>[^']+)'.*?^  params: \{$(?<params>.*?)^  \}$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Module();

    [GeneratedRegex(@"^    (?<name>\w+):", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Passed();
}
