using System.Text.Json;
using System.Text.RegularExpressions;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Readme;

/// <summary>What the README tells a newcomer to type works, against an emulator in place of Google and of the hospital's server.</summary>
[Collection(Alone.Name)]
public sealed partial class ReadmeTests
{
    private const string Store = "projects/P/locations/L/datasets/D/dicomStores/S";

    private static readonly string Readme = File.ReadAllText(Repository.Path("README.md"));

    [Fact]
    public async Task Its_dicomfn_commands_run()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        using var folder = new TempFolder();
        var commands = Readme.Split('\n').Where(line => line.StartsWith("dicomfn ", StringComparison.Ordinal)).ToList();
        Assert.True(commands.Count >= 5);
        var study = "";
        foreach (var command in commands)
        {
            // In place of the example's study, the one that an earlier command has uploaded.
            if (command.EndsWith(" 1.2.3", StringComparison.Ordinal))
                study = await emulator.StudyAsync(Store);
            var arguments = command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .SelectMany(word => word switch
                {
                    "series" => [folder.Combine("series")],
                    "--store" => ["--base-url", emulator.Url, "--store"],
                    "http://orthanc:8042/dicom-web" => [$"{emulator.Url}/{Store}/dicomWeb"],
                    "1.2.3" => [study],
                    _ => new[] { word },
                })
                .Append("--data").Append(folder.Combine("data"));
            var finished = await DicomFn.RunAsync([.. arguments]);
            Assert.True(finished.ExitCode == 0, $"{command}: {finished.ExitCode} {finished.Error}");
            Assert.NotEmpty(finished.Lines);
        }

        Assert.Equal(16, (await emulator.InstancesAsync(Store)).Count);
    }

    [Fact]
    public async Task Its_first_search_is_answered()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        using var folder = new TempFolder();
        await using var serve = await ServeProcess.StartAsync(folder.Path, settings: null, "--base-url", emulator.Url, "--store", Store);
        var start = Readme.IndexOf("-d '", StringComparison.Ordinal) + 4;
        using var request = ServeProcess.Json(Readme[start..Readme.IndexOf('\'', start)]);
        using var answer = await serve.Http.PostAsync("api/search?wait=30", request);
        using var record = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        // The store is empty: it is the command that is tried.
        Assert.Equal(204, record.RootElement.GetProperty("status").GetInt32());
    }

    [Fact]
    public void The_tests_that_reliability_md_names_are_there()
    {
        var tests = string.Concat(
            Directory.EnumerateFiles(Repository.Path("tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var names = TestName()
            .Matches(File.ReadAllText(Repository.Path("docs", "reliability.md")))
            .Select(match => match.Groups["name"].Value)
            .ToList();
        Assert.True(names.Count > 20);
        Assert.All(names, name => Assert.True(
            tests.Contains($" {name}(", StringComparison.Ordinal) || tests.Contains($"class {name}", StringComparison.Ordinal),
            $"There is no test {name}."));
    }

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9_]+|Tests))`", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();
}
