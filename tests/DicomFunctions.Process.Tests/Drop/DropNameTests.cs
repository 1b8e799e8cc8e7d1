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
        await using var serve = await ServeProcess.StartAsync(
            folder.Path, Faulty.Client, "--base-url", emulator.Url, "--store", Stores.Files);
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

    [Fact]
    public async Task A_file_in_a_folder_that_no_object_can_have_goes_to_the_store_of_its_alias_or_to_none()
    {
        const string Research = "projects/p/locations/l/datasets/d/dicomStores/research";
        await using var emulator = await EmulatorProcess.StartAsync();
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string>(Faulty.Client) { ["DicomFunctions__Drop__Aliases__research"] = Research };
        await using var serve = await ServeProcess.StartAsync(folder.Path, settings, "--base-url", emulator.Url, "--store", Stores.Files);
        var incoming = folder.Combine("drop", "incoming");
        foreach (var (name, number) in new[] { ("research/ward\\7/a.dcm", 0), ("nobody\\/b.dcm", 1) })
        {
            Directory.CreateDirectory(Path.Combine(incoming, Path.GetDirectoryName(name)!));
            await File.WriteAllBytesAsync(Path.Combine(incoming, name), SmallFiles.Bytes(number));
        }

        await Eventually.HoldsAsync(
            () => !Directory.EnumerateFiles(incoming, "*", SearchOption.AllDirectories).Any(), "the folder is empty");

        Assert.Equal([SmallFiles.Uid(0)], await emulator.InstancesAsync(Research));
        Assert.Empty(await emulator.InstancesAsync(Stores.Files));
        Assert.Contains("unknown_alias", await File.ReadAllTextAsync(
            Assert.Single(Directory.EnumerateFiles(folder.Combine("drop", "failed"), "*.error.json", SearchOption.AllDirectories))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_that_no_object_can_have_are_seen_to_while_other_files_are_waited_for()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        using var folder = new TempFolder();
        var settings = new Dictionary<string, string>(Faulty.Client) { ["DicomFunctions__Drop__SettleTime"] = "01:00:00" };
        await using var serve = await ServeProcess.StartAsync(folder.Path, settings, "--base-url", emulator.Url, "--store", Stores.Files);
        var incoming = folder.Combine("drop", "incoming");
        await File.WriteAllTextAsync(Path.Combine(incoming, "fresh.dcm"), "still to settle");
        await Eventually.HoldsAsync(
            () => Directory.EnumerateFileSystemEntries(folder.Combine(".engine", "active")).Any(), "the drop workflow waits for it");

        await File.WriteAllTextAsync(Path.Combine(incoming, "back\\slash.txt"), "no DICOM");

        await Eventually.HoldsAsync(() => Directory.EnumerateFiles(incoming, "renamed-*-back_slash.txt").Any(), "it is renamed");
    }
}
