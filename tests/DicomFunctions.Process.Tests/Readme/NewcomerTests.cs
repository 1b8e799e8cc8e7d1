using System.Diagnostics;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Readme;

/// <summary>What a newcomer does first, from a built clone, with the time that it takes them in the log.</summary>
[Collection(Alone.Name)]
public sealed class NewcomerTests
{
    /// <summary>What the tools may take of a newcomer's minute.</summary>
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task From_a_built_clone_to_the_first_stored_instance_and_the_first_failed_file_understood()
    {
        using var folder = new TempFolder();
        var time = Stopwatch.StartNew();
        await using var emulator = await EmulatorProcess.StartAsync();
        string[] store = ["--data", folder.Combine("data"), "--base-url", emulator.Url, "--store", Stores.Files];

        var phantom = await DicomFn.RunAsync("phantom", folder.Combine("series"));
        var upload = await DicomFn.RunAsync(["upload", .. store, folder.Combine("series")]);
        var search = await DicomFn.RunAsync(["search", .. store, "--level", "instances", "--output", "table"]);

        var stored = time.Elapsed;
        Log($"from a built clone to the first stored instance, found again: {stored.TotalSeconds:0.0} s, 4 commands.");
        Assert.Equal((0, 0, 0), (phantom.ExitCode, upload.ExitCode, search.ExitCode));
        Assert.Contains("16 succeeded, 0 failed", upload.Error, StringComparison.Ordinal);
        Assert.Contains("SOPInstanceUID", search.Output, StringComparison.Ordinal);

        time.Restart();
        var bad = folder.Combine("series", "export.log");
        await File.WriteAllTextAsync(bad, "Exported 16 images.");
        var failed = await DicomFn.RunAsync(["upload", .. store, folder.Combine("series")]);

        var understood = time.Elapsed;
        Log($"to the first failed file understood: {understood.TotalSeconds:0.0} s, 1 command.");
        Assert.Equal(1, failed.ExitCode);
        var shown = Path.GetRelativePath(Path.GetTempPath(), bad);
        Assert.Contains($"\n  not_dicom  1 input {shown}: This is not a DICOM file: ", failed.Error, StringComparison.Ordinal);
        Assert.Contains("\nTo run them again: dicomfn jobs retry ", failed.Error, StringComparison.Ordinal);
        Assert.True(stored < Most && understood < Most, $"It took {stored} and {understood}.");
    }

    /// <summary>Writes a line that <c>./test</c> shows.</summary>
    private static void Log(string text) => Console.WriteLine($"Newcomer: {text}");
}
