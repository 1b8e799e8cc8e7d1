using System.Globalization;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Drop;

/// <summary>The drop folder of a running host, as a user sees it.</summary>
[Collection(Alone.Name)]
public sealed class DropFolderTests
{
    private const string Research = "projects/p/locations/l/datasets/d/dicomStores/research";

    [Fact]
    public async Task Files_go_to_their_aliases_store_or_to_failed_with_their_error_and_are_worked_anew_when_moved_back()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        using var folder = new TempFolder();
        var (incoming, failed) = (folder.Combine("drop", "incoming"), folder.Combine("drop", "failed"));
        await using var serve = await StartAsync(folder, emulator, ("Aliases__research", Research));
        Drop(folder, "plain.dcm", SmallFiles.Bytes(0));
        Drop(folder, "research/deep/er/r.dcm", SmallFiles.Bytes(1));
        Drop(folder, "nobody/n.dcm", SmallFiles.Bytes(2));
        Drop(folder, "research/bad.dcm", "no DICOM"u8.ToArray());

        await WorkedAsync(serve, incoming, records: 4);

        Assert.Equal(["nobody/n.dcm", "nobody/n.dcm.error.json", "research/bad.dcm", "research/bad.dcm.error.json"], Files(failed));
        Assert.Equal([SmallFiles.Uid(0)], await emulator.InstancesAsync(Stores.Files));
        Assert.Equal([SmallFiles.Uid(1)], await emulator.InstancesAsync(Research));
        Assert.Equal("unknown_alias", ErrorOf("nobody/n.dcm"));
        Assert.Equal("not_dicom", ErrorOf("research/bad.dcm"));
        var job = (await JobsAsync(serve))[0].GetProperty("id").GetString();
        using (var retry = await serve.Http.PostAsync($"api/jobs/{job}/retry", content: null))
            Assert.Contains("drop/failed", await retry.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // As by "mv failed/research/* incoming/research/", the file fixed.
        File.Delete(Path.Combine(failed, "research", "bad.dcm"));
        File.Move(Path.Combine(failed, "research", "bad.dcm.error.json"), Path.Combine(incoming, "research", "bad.dcm.error.json"));
        Drop(folder, "research/bad.dcm", SmallFiles.Bytes(3));
        await WorkedAsync(serve, incoming, records: 6);

        Assert.Equal([SmallFiles.Uid(1), SmallFiles.Uid(3)], (await emulator.InstancesAsync(Research)).Order(StringComparer.Ordinal));
        Assert.Equal(["nobody/n.dcm", "nobody/n.dcm.error.json"], Files(failed));

        string? ErrorOf(string name) => JsonElement.Parse(File.ReadAllText(Path.Combine(failed, name + ".error.json")))
            .GetProperty("error").GetProperty("code").GetString();
    }

    [Fact]
    public async Task A_file_still_being_written_is_taken_once_it_has_settled_and_archived_where_that_is_wished()
    {
        var settleTime = TimeSpan.FromSeconds(10);
        await using var emulator = await EmulatorProcess.StartAsync();
        using var folder = new TempFolder();
        await using var serve = await StartAsync(
            folder, emulator, ("SettleTime", settleTime.ToString("c", CultureInfo.InvariantCulture)), ("Archive", "true"));
        var (incoming, file) = (folder.Combine("drop", "incoming"), SmallFiles.Bytes(0));
        Directory.CreateDirectory(Path.Combine(incoming, "sub"));
        await using (var writing = File.Create(Path.Combine(incoming, "sub", "a.dcm")))
        {
            await writing.WriteAsync(file.AsMemory(0, 100));
            await writing.FlushAsync();
            await writing.WriteAsync(file.AsMemory(100));
        }

        var written = new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(incoming, "sub", "a.dcm")));
        await WorkedAsync(serve, incoming, records: 1);

        var job = Assert.Single(await JobsAsync(serve));
        Assert.True(job.GetProperty("created_at").GetDateTimeOffset() >= written + settleTime);
        Assert.Equal([SmallFiles.Uid(0)], await emulator.InstancesAsync(Stores.Files));
        Assert.Equal(file, await File.ReadAllBytesAsync(folder.Combine("drop", "archive", "sub", "a.dcm")));
    }

    [Fact]
    public async Task A_file_whose_writer_stalls_is_stored_once_it_is_whole_after_a_restart_too()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        using var folder = new TempFolder();
        var (incoming, failed, file) = (folder.Combine("drop", "incoming"), folder.Combine("drop", "failed"), SmallFiles.Bytes(0));
        await using var writer = await BeginAsync();
        await using (var serve = await StartAsync(folder, emulator))
        {
            await Eventually.HoldsAsync(() => Directory.Exists(failed) && Files(failed).Count == 2, "the part of the file is a failed one");
            await writer.WriteAsync(file.AsMemory(100, 50));
            await writer.FlushAsync();
            await Eventually.HoldsAsync(
                async () => (await JobsAsync(serve)).Count == 2 && Files(failed).Count == 2, "it is tried again, and failed again");
        }

        await writer.WriteAsync(file.AsMemory(150));
        await writer.DisposeAsync();
        await using (var serve = await StartAsync(folder, emulator))
        {
            await Eventually.HoldsAsync(() => Files(folder.Combine("drop")).Count == 0, "the whole file is stored");
            Assert.Equal(3, (await JobsAsync(serve)).Count);
        }

        Assert.Equal([SmallFiles.Uid(0)], await emulator.InstancesAsync(Stores.Files));

        async Task<FileStream> BeginAsync()
        {
            Directory.CreateDirectory(incoming);
            var begun = File.Create(Path.Combine(incoming, "a.dcm"));
            await begun.WriteAsync(file.AsMemory(0, 100));
            await begun.FlushAsync();
            return begun;
        }
    }

    [Fact]
    public async Task A_drop_folder_that_was_removed_is_made_again_and_one_that_is_a_link_is_told_of()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        using var folder = new TempFolder();
        var incoming = folder.Combine("drop", "incoming");
        await using var serve = await StartAsync(folder, emulator);
        Directory.Delete(incoming, recursive: true);
        await Eventually.HoldsAsync(() => Directory.Exists(incoming), "it is made again");
        Drop(folder, "a.dcm", SmallFiles.Bytes(0));
        await WorkedAsync(serve, incoming, records: 1);
        Assert.Equal([SmallFiles.Uid(0)], await emulator.InstancesAsync(Stores.Files));

        var elsewhere = Directory.CreateDirectory(folder.Combine("elsewhere")).FullName;
        await Eventually.HoldsAsync(() => TryLink(incoming, elsewhere), "a link is in its place");

        await Eventually.HoldsAsync(
            () => serve.Process.Error.Contains("The drop folder is a symbolic link", StringComparison.Ordinal), "the link is told of");
    }

    /// <summary>False where the folder was made again in between.</summary>
    private static bool TryLink(string folder, string target)
    {
        try
        {
            Directory.Delete(folder);
            Directory.CreateSymbolicLink(folder, target);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Task<ServeProcess> StartAsync(TempFolder folder, EmulatorProcess emulator, params (string Key, string Value)[] drop)
    {
        var settings = new Dictionary<string, string>(Faulty.Client);
        foreach (var (key, value) in drop)
            settings["DicomFunctions__Drop__" + key] = value;
        return ServeProcess.StartAsync(folder.Path, settings, "--base-url", emulator.Url, "--store", Stores.Files);
    }

    /// <summary>Lets a whole file appear.</summary>
    private static void Drop(TempFolder folder, string name, byte[] content)
    {
        var target = folder.Combine("drop", "incoming", name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var written = folder.Combine(Path.GetFileName(target));
        File.WriteAllBytes(written, content);
        File.Move(written, target);
    }

    /// <summary>Waits until the folder is empty and so many records are there in all.</summary>
    private static Task WorkedAsync(ServeProcess serve, string incoming, int records) => Eventually.HoldsAsync(
        async () => Files(incoming).Count == 0
            && (await JobsAsync(serve)).Sum(job => job.GetProperty("progress").GetProperty("done").GetInt32()) == records,
        $"{records} files are worked");

    private static List<string> Files(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path))
            .Order(StringComparer.Ordinal),
    ];

    private static async Task<List<JsonElement>> JobsAsync(ServeProcess serve) =>
        [.. JsonElement.Parse(await serve.Http.GetStringAsync("api/jobs")).GetProperty("jobs").EnumerateArray()];
}
