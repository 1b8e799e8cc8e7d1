using System.Runtime.Versioning;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary>Patient data at rest is for the host's user alone.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class FileModeTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OpenFolder = Owner
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode Passage = Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    [Fact]
    public async Task Nothing_below_the_data_directory_can_be_read_by_others_but_the_folder_they_drop_files_in()
    {
        await using var emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        using var folder = new TempFolder();
        var data = folder.Combine("data");
        var incoming = Path.Combine(data, "drop", "incoming");
        var settings = new Dictionary<string, string>(Faulty.Client) { ["DicomFunctions__Drop__Archive"] = "true" };
        await using var serve = await ServeProcess.StartAsync(data, settings, "--base-url", emulator.Url, "--store", Stores.Files);
        Drop("good/a.dcm", SmallFiles.Bytes(0));
        Drop("bad/b.dcm", "no DICOM"u8.ToArray());
        var files = JsonSerializer.Serialize(
            new { destination = Stores.Files, input_type = "bytes", inputs = new[] { Convert.ToBase64String(SmallFiles.Bytes(1)) } });
        await serve.CompletesAsync(await serve.SubmitAsync("api/upload", files));
        await Eventually.HoldsAsync(
            () => File.Exists(Path.Combine(data, "drop", "archive", "good", "a.dcm"))
                && File.Exists(Path.Combine(data, "drop", "failed", "bad", "b.dcm")),
            "the dropped files are cleared away");
        await serve.Process.InterruptAsync();
        await serve.Process.ExitedAsync();

        Assert.Equal(Passage, File.GetUnixFileMode(data));
        Assert.Equal(Passage, File.GetUnixFileMode(Path.Combine(data, "drop")));
        var entries = new DirectoryInfo(data)
            .EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(
                entry => !$"{entry.FullName}/".StartsWith(incoming + "/", StringComparison.Ordinal)
                    && entry.FullName != Path.Combine(data, "drop"))
            .ToList();
        Assert.True(entries.OfType<FileInfo>().Count() > 10);
        Assert.All(entries, entry => Assert.True((entry.UnixFileMode & ~Owner) == 0, $"{entry.FullName} is {entry.UnixFileMode}."));

        void Drop(string name, byte[] content)
        {
            var path = Path.Combine(incoming, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var part = folder.Combine(Path.GetFileName(name));
            File.WriteAllBytes(part, content);
            File.SetUnixFileMode(part, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            File.Move(part, path);
        }
    }

    [Fact]
    public async Task What_an_earlier_build_left_open_is_closed_at_start_and_the_users_own_modes_stay()
    {
        using var folder = new TempFolder();
        var data = folder.Combine("data");
        string[] closed = ["jobs", ".engine", ".store", "drop/failed", "drop/archive"];
        foreach (var name in closed.Append("drop/incoming").Append("others"))
        {
            Directory.CreateDirectory(Path.Combine(data, name));
            File.SetUnixFileMode(Path.Combine(data, name), OpenFolder);
        }

        File.SetUnixFileMode(Path.Combine(data, "drop"), OpenFolder);
        File.SetUnixFileMode(data, OpenFolder);

        var list = await DicomFn.RunAsync("jobs", "list", "--data", data);

        Assert.Equal(0, list.ExitCode);
        Assert.All(closed, name => Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(data, name))));
        Assert.Equal(Passage, File.GetUnixFileMode(Path.Combine(data, "drop")));
        Assert.All(["", "drop/incoming", "others"], name => Assert.Equal(OpenFolder, File.GetUnixFileMode(Path.Combine(data, name))));
    }
}
