using System.Diagnostics;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Readme;

/// <summary>The commands of the guides, pasted into a shell from top to bottom, with an emulator in place of Google.</summary>
[Collection(Alone.Name)]
public sealed class GuideTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Coming_from_Beam_each_example_has_a_counterpart_that_works()
    {
        await RunAsync("coming-from-beam.md", "P/locations/L/datasets/D/dicomStores/S");

        Assert.Equal(16, Lines("stored.ndjson").Count(line => line.Contains("\"success\":true", StringComparison.Ordinal)));
        Assert.Equal(2, Lines("successful.ndjson").Length);
        Assert.Equal(4, Lines("successful.ndjson")[0].Split("\"00080018\":").Length - 1);
        Assert.Contains("Must have search_type in the dict.", Assert.Single(Lines("failed.ndjson")), StringComparison.Ordinal);
        Assert.Contains("\"search_type\":\"instances\"", Assert.Single(Lines("formatted.ndjson")), StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(Lines("notified.ndjson")).Split("\"00080018\":").Length - 1);
    }

    [Fact]
    public async Task Every_recipe_does_what_it_says()
    {
        var output = await RunAsync("recipes.md", "P/locations/L/datasets/D/dicomStores/STORE");

        Assert.Equal(16, Lines("copied.ndjson").Count(line => line.Contains("\"success\":true", StringComparison.Ordinal)));
        Assert.Equal("PAR1"u8.ToArray(), (await File.ReadAllBytesAsync(_folder.Combine("series.parquet")))[..4]);
        Assert.Equal(2, Lines("studies.csv").Length);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Combine("data/drop/incoming")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Combine("data/drop/failed")));
        Assert.Contains("\"not_dicom\"", output, StringComparison.Ordinal);
        Assert.Contains("\"kind\":\"notifications\"", output, StringComparison.Ordinal);
    }

    private string[] Lines(string file) => File.ReadAllLines(_folder.Combine(file));

    private async Task<string> RunAsync(string page, string store)
    {
        await using var emulator = await EmulatorProcess.StartAsync("--store", $"projects/{store}");
        Directory.CreateDirectory(_folder.Combine("bin"));
        // The page serves on the port of everyday use, which may be taken here.
        await File.WriteAllTextAsync(
            _folder.Combine("bin/dicomfn"),
            $"#!/bin/sh\ncase $1 in serve) set -- \"$@\" --url http://127.0.0.1:0 ;; esac\nexec '{DicomFn.Program}' \"$@\"\n");
        var script = "chmod +x bin/dicomfn\nPATH=\"$PWD/bin:$PATH\"\n"
            + "trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT\n" + Commands(page);
        var start = new ProcessStartInfo("bash", ["-eu", "-c", script])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in new[]
        {
            ("HOME", _folder.Path), ("XDG_DATA_HOME", _folder.Path),
            ("DicomFunctions__Authorization__Mode", "None"),
            ("DicomFunctions__DicomWeb__BaseUrl", emulator.Url),
            ("DicomFunctions__Notifications__BaseUrl", new Uri(new Uri(emulator.Url), "/").AbsoluteUri),
            ("DicomFunctions__Notifications__Then", "Metadata"),
            ("DicomFunctions__Notifications__PullTimeout", "00:00:01"),
        })
        {
            start.Environment[name] = value;
        }

        using var shell = System.Diagnostics.Process.Start(start)!;
        var output = shell.StandardOutput.ReadToEndAsync();
        var error = shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync().WaitAsync(Deadline);
        Assert.True(shell.ExitCode == 0, $"{page}: {shell.ExitCode}\n{await output}\n{await error}");
        return await output;
    }

    private static string Commands(string page) => string.Join(
        '\n', File.ReadAllText(Repository.Path("docs", page)).Split("\n```sh\n")[1..].Select(block => block.Split("\n```")[0]));
}
