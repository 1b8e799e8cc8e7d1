using System.IO.Compression;
using System.Text.RegularExpressions;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Readme;

/// <summary>What <c>docs/command-line.md</c> tells its reader to type works, with an emulator in its configuration file.</summary>
[Collection(Alone.Name)]
public sealed partial class CommandLinePageTests
{
    [Fact]
    public async Task Its_commands_run()
    {
        using var folder = new TempFolder();
        await using var emulator = await EmulatorProcess.StartAsync();
        var key = folder.Combine("key");
        await File.WriteAllTextAsync(key, "0123456789abcdef");
        await File.WriteAllTextAsync(folder.Combine("patients.csv"), "PatientID\nPHANTOM1\n");
        await File.WriteAllTextAsync(
            folder.Combine("dicomfn.json"),
            """{"DicomFunctions":{"DicomWeb":{"BaseUrl":"URL"},"Local":{"DataDirectory":"data"}}}"""
                .Replace("URL", emulator.Url, StringComparison.Ordinal));
        await ZipAsync(folder.Combine("study.zip"));
        await using var serve = await ServeProcess.StartAsync(
            folder.Combine("served"), settings: null, "--api-key-file", key, "--base-url", emulator.Url, "--store", Stores.Archive);
        var commands = Blocks().Matches(await File.ReadAllTextAsync(Repository.Path("docs", "command-line.md")))
            .SelectMany(block => block.Groups["commands"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.True(commands.Count > 8);

        foreach (var command in commands)
        {
            var run = await Shell.RunAsync(
                "bash",
                folder.Path,
                command.Replace("http://127.0.0.1:7071", serve.Http.BaseAddress!.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal));
            Assert.True(run.ExitCode == 0, $"{command}: {run.ExitCode} {run.Error}");
            Assert.NotEmpty(run.Lines);
        }
    }

    private static async Task ZipAsync(string path)
    {
        await using var zip = await ZipFile.OpenAsync(path, ZipArchiveMode.Create);
        await using var entry = await zip.CreateEntry("images/1.dcm").OpenAsync();
        await entry.WriteAsync(Some.DicomFile());
    }

    [GeneratedRegex("```sh\n(?<commands>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Blocks();
}
