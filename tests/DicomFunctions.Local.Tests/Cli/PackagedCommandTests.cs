using System.Text.Json;
using DicomFunctions.Local.Cli;
using Xunit;

namespace DicomFunctions.Local.Tests.Cli;

/// <summary>The command lines of the container, the compose file and the unit are accepted.</summary>
public sealed class PackagedCommandTests
{
    [Fact]
    public void Parse_the_images_command_serves_on_every_address_with_a_key()
    {
        var line = Lines("Dockerfile").Single(line => line.StartsWith("CMD [", StringComparison.Ordinal));

        var words = JsonSerializer.Deserialize<string[]>(line["CMD ".Length..])!;

        Assert.Equal("serve", words[0]);
        Assert.Contains("--api-key-file", words);
        Assert.Empty(DicomFnCommand.Parse(words).Errors);
    }

    [Fact]
    public void Parse_the_compose_files_emulator_and_the_units_host_have_no_errors()
    {
        var emulator = Lines("compose.yaml").SkipWhile(line => line.Trim() != "command:").Skip(1)
            .TakeWhile(line => line.StartsWith("      - ", StringComparison.Ordinal)).Select(line => line.Trim()[2..]).ToArray();
        var unit = Lines("packaging/systemd/dicomfn.service")
            .Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal)).Split(' ')[1..];

        Assert.Equal("emulator", emulator[0]);
        Assert.Empty(DicomFnCommand.Parse(emulator).Errors);
        Assert.Equal("serve", unit[0]);
        Assert.Empty(DicomFnCommand.Parse(unit).Errors);
    }

    private static string[] Lines(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "DicomFunctions.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("These tests run in the repository.");
        return File.ReadAllLines(Path.Combine(folder.FullName, path));
    }
}
