using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Drop;

public sealed class DropNameTests
{
    [Fact]
    public async Task Files_whose_names_no_object_can_have_are_worked_like_all_others()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        using var folder = new TempFolder();
        await using var serve = await ServeProcess.StartAsync(folder.Path, Faulty.Client, "--base-url", emulator.Url, "--store", Stores.Files);
        var incoming = folder.Combine("drop", "incoming");
        Directory.CreateDirectory(Path.Combine(incoming, "ward\\7"));
        await File.WriteAllBytesAsync(Path.Combine(incoming, "line\nbreak.dcm"), SmallFiles.Bytes(0));
        await File.WriteAllBytesAsync(Path.Combine(incoming, "ward\\7", "a.dcm"), SmallFiles.Bytes(1));
        await File.WriteAllTextAsync(Path.Combine(incoming, "back\\slash.txt"), "no DICOM");

        await Eventually.HoldsAsync(
            () => !Directory.EnumerateFiles(incoming, "*", SearchOption.AllDirectories).Any(), "the folder is empty");

        Assert.Equal(2, (await emulator.InstancesAsync(Stores.Files)).Count);
        var failed = Assert.Single(Directory.EnumerateFiles(folder.Combine("drop", "failed"), "*.txt"));
        Assert.EndsWith("-back_slash.txt", failed, StringComparison.Ordinal);
        Assert.True(File.Exists(failed + ".error.json"));
    }
}
