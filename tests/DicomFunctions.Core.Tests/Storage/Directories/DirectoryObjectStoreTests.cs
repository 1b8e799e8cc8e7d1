using System.Diagnostics;
using System.Text;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Storage.Directories;

public sealed class DirectoryObjectStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_object_is_the_plain_file_of_its_name()
    {
        using var store = Open();
        await PutAsync(store, "jobs/day/id/job.json", "{}");

        Assert.Equal("{}", await File.ReadAllTextAsync(_folder.Combine("jobs", "day", "id", "job.json")));
    }

    [Fact]
    public void What_the_disk_cannot_give_is_damaged()
    {
        // Nothing is mapped at address 0: the kernel answers as it does for a bad block.
        using var content = new ObjectReadStream(File.OpenHandle("/proc/self/mem"), start: 0, length: 100, verify: null);

        Assert.Throws<ObjectDamagedException>(() => content.Read(new byte[10]));
    }

    [Fact]
    public async Task A_file_dropped_changed_and_removed_by_hand_is_seen_so()
    {
        using var store = Open();
        var path = _folder.Combine("drop", "incoming", "a.dcm");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "one");
        var first = Assert.Single(await store.ListAsync("drop/incoming/", None).ToListAsync());
        Assert.Equal("one", await ReadAsync(store, "drop/incoming/a.dcm"));

        await File.WriteAllTextAsync(path, "one more");
        var second = await store.GetPropertiesAsync("drop/incoming/a.dcm", None);
        Assert.NotEqual(first.ETag, second!.ETag);
        Assert.False(await store.DeleteAsync("drop/incoming/a.dcm", first.ETag, None));

        File.Delete(path);
        Assert.Null(await store.GetPropertiesAsync("drop/incoming/a.dcm", None));
        Assert.Empty(await store.ListAsync("drop/", None).ToListAsync());
    }

    [Fact]
    public async Task A_file_that_is_changed_while_it_is_read_with_an_ETag_is_told()
    {
        using var store = Open();
        await PutAsync(store, "drop/a", "0123456789");
        var properties = await store.GetPropertiesAsync("drop/a", None);
        await using var stream = await store.OpenReadAsync("drop/a", ObjectRange.All, properties!.ETag, None);
        _ = stream!.ReadByte();
        await File.WriteAllTextAsync(_folder.Combine("drop", "a"), "abcdefghijk");

        using var rest = new MemoryStream();
        await Assert.ThrowsAsync<ObjectChangedException>(() => stream.CopyToAsync(rest));
    }

    [Theory]
    [InlineData(".store/temp/x")]
    [InlineData(".store")]
    [InlineData(".engine/active/x.journal")]
    public async Task The_stores_own_folder_is_out_of_reach(string name)
    {
        using var store = Open();

        await Assert.ThrowsAsync<ArgumentException>(() => PutAsync(store, name, "x"));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(name, null, None));
    }

    [Fact]
    public async Task The_stores_own_folder_is_in_no_listing()
    {
        using var store = Open();
        await PutAsync(store, "jobs/x", "x");
        Directory.CreateDirectory(_folder.Combine(".engine"));
        await File.WriteAllTextAsync(_folder.Combine(".engine", "lock"), "");
        await StageAsync(store, "jobs/y", new BlockId(0, 0, 0), "y");

        Assert.Equal(["jobs/x"], await store.ListAsync("", None).Select(properties => properties.Name).ToListAsync());
        Assert.Empty(await store.ListAsync(".store/", None).ToListAsync());
        Assert.Equal(["jobs"], await store.ListFoldersAsync("", null, None).ToListAsync());
        Assert.Empty(await store.ListFoldersAsync(".store/", null, None).ToListAsync());
    }

    [Fact]
    public async Task A_link_is_no_object()
    {
        using var store = Open();
        using var outside = new TempFolder();
        await File.WriteAllTextAsync(outside.Combine("secret"), "secret");
        Directory.CreateDirectory(_folder.Combine("drop", "incoming"));
        File.CreateSymbolicLink(_folder.Combine("drop", "incoming", "link"), outside.Combine("secret"));

        Assert.Null(await store.GetPropertiesAsync("drop/incoming/link", None));
        Assert.Null(await store.OpenReadAsync("drop/incoming/link", ObjectRange.All, null, None));
        Assert.False(await store.MoveAsync("drop/incoming/link", "drop/x", ifMatch: null, None));
        Assert.False(await store.DeleteAsync("drop/incoming/link", null, None));
        Assert.Empty(await store.ListAsync("drop/", None).ToListAsync());
    }

    [Fact]
    public async Task Nothing_behind_a_linked_folder_is_read_listed_written_or_deleted()
    {
        using var store = Open();
        using var outside = new TempFolder();
        await File.WriteAllTextAsync(outside.Combine("secret"), "secret");
        await PutAsync(store, "drop/x", "x");
        Directory.CreateSymbolicLink(_folder.Combine("drop", "link"), outside.Path);

        Assert.Null(await store.GetPropertiesAsync("drop/link/secret", None));
        Assert.Null(await store.OpenReadAsync("drop/link/secret", ObjectRange.All, null, None));
        Assert.False(await store.DeleteAsync("drop/link/secret", null, None));
        Assert.False(await store.MoveAsync("drop/link/secret", "drop/y", ifMatch: null, None));
        await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync(store, "drop/link/new", "x"));
        await Assert.ThrowsAsync<ObjectStoreException>(() => store.MoveAsync("drop/x", "drop/link/new", ifMatch: null, None));
        Assert.Equal(["drop/x"], await store.ListAsync("drop/", None).Select(properties => properties.Name).ToListAsync());
        Assert.Empty(await store.ListAsync("drop/link/", None).ToListAsync());
        Assert.Empty(await store.ListFoldersAsync("drop/", null, None).ToListAsync());
        Assert.Equal(["secret"], Directory.GetFiles(outside.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_named_pipe_is_no_object_and_blocks_nobody()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var store = Open();
        Directory.CreateDirectory(_folder.Combine("drop"));
        using (var process = Process.Start("mkfifo", [_folder.Combine("drop", "pipe")]))
            await process.WaitForExitAsync();

        Assert.Null(await store.OpenReadAsync("drop/pipe", ObjectRange.All, null, None));
        Assert.Empty(await store.ListAsync("drop/", None).ToListAsync());
    }

    [Fact]
    public async Task What_was_staged_before_a_restart_is_committed_after_it()
    {
        BlockId[] blocks = [new(0, 7, 0), new(1, 7, 0)];
        using (var store = Open())
            await StageAsync(store, "jobs/x", blocks[0], "one,");
        using (var store = Open())
        {
            await StageAsync(store, "jobs/x", blocks[1], "two");
            await store.CommitBlocksAsync("jobs/x", blocks, None);
            Assert.Equal("one,two", await ReadAsync(store, "jobs/x"));
        }

        using (var store = Open())
            await store.CommitBlocksAsync("jobs/x", blocks, None);
        Assert.Equal("one,two", await File.ReadAllTextAsync(_folder.Combine("jobs", "x")));
        Assert.Empty(Directory.GetFiles(_folder.Combine(".store", "staged")));
        Assert.Empty(Directory.GetFiles(_folder.Combine(".store", "temp")));
    }

    [Fact]
    public async Task A_commit_repeated_over_what_somebody_else_put_there_is_refused()
    {
        using var store = Open();
        await StageAsync(store, "jobs/x", new BlockId(0, 7, 0), "committed");
        await store.CommitBlocksAsync("jobs/x", [new BlockId(0, 7, 0)], None);
        await PutAsync(store, "jobs/x", "put");

        await Assert.ThrowsAsync<ObjectStoreException>(() => store.CommitBlocksAsync("jobs/x", [new BlockId(0, 7, 0)], None));
        Assert.Equal("put", await ReadAsync(store, "jobs/x"));
    }

    [Fact]
    public async Task Staged_blocks_torn_at_any_byte_lose_only_what_was_torn()
    {
        string[] contents = ["first", "the second", "3rd"];
        using (var store = Open())
        {
            for (var i = 0; i < contents.Length; i++)
                await StageAsync(store, "jobs/x", new BlockId(i, 7, 0), contents[i]);
        }

        var path = Assert.Single(Directory.GetFiles(_folder.Combine(".store", "staged")));
        var whole = await File.ReadAllBytesAsync(path);
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            await File.WriteAllBytesAsync(path, whole[..cut]);
            var whole1 = cut;
            var survivors = contents.TakeWhile(content => (whole1 -= 28 + content.Length) >= 0).Count();
            using var store = Open();
            if (survivors < contents.Length)
            {
                await Assert.ThrowsAsync<ObjectStoreException>(() =>
                    store.CommitBlocksAsync("jobs/x", [new BlockId(survivors, 7, 0)], None));
            }

            await StageAsync(store, "jobs/x", new BlockId(9, 7, 0), "!");
            BlockId[] blocks = [.. Enumerable.Range(0, survivors).Select(i => new BlockId(i, 7, 0)), new BlockId(9, 7, 0)];
            await store.CommitBlocksAsync("jobs/x", blocks, None);
            Assert.Equal(string.Concat(contents.Take(survivors)) + "!", await ReadAsync(store, "jobs/x"));
            await store.DeleteAsync("jobs/x", null, None);
        }
    }

    [Fact]
    public async Task A_staged_block_with_a_flipped_bit_is_not_committed()
    {
        using (var store = Open())
            await StageAsync(store, "jobs/x", new BlockId(0, 7, 0), "some content");
        var path = Assert.Single(Directory.GetFiles(_folder.Combine(".store", "staged")));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^3] ^= 4;
        await File.WriteAllBytesAsync(path, bytes);

        using var reopened = Open();
        await Assert.ThrowsAsync<ObjectStoreException>(() => reopened.CommitBlocksAsync("jobs/x", [new BlockId(0, 7, 0)], None));
    }

    [Fact]
    public async Task What_a_crash_left_is_invisible_and_goes_in_time()
    {
        using (Open())
        {
        }

        var old = _folder.Combine(".store", "temp", "old");
        var recent = _folder.Combine(".store", "temp", "recent");
        var staged = _folder.Combine(".store", "staged", "abandoned");
        foreach (var path in (string[])[old, recent, staged])
            await File.WriteAllTextAsync(path, "half");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));
        File.SetLastWriteTimeUtc(staged, DateTime.UtcNow.AddDays(-8));

        using var store = Open();
        Assert.Empty(await store.ListAsync("", None).ToListAsync());
        Assert.Equal([recent], Directory.GetFiles(_folder.Combine(".store"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Deferred_blocks_are_kept_over_a_crash_of_the_process_and_synced_on_request()
    {
        var block = new BlockId(0, 7, 0);
        using (var store = new DirectoryObjectStore(_folder.Path, new DirectoryObjectStoreOptions { DeferStagingSync = true }))
        {
            await StageAsync(store, "jobs/x", block, "x");
            await store.SyncStagedAsync();
        }

        using var reopened = Open();
        await reopened.CommitBlocksAsync("jobs/x", [block], None);
        Assert.Equal("x", await ReadAsync(reopened, "jobs/x"));
    }

    [Fact]
    public async Task No_more_than_64_files_are_held_open_and_none_after_the_commits()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var store = Open();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 150; i++)
                await StageAsync(store, $"jobs/{i}", new BlockId(round, 7, 0), $"{round}");
        }

        Assert.InRange(OpenFiles(), 1, 64);
        for (var i = 0; i < 150; i++)
        {
            await store.CommitBlocksAsync($"jobs/{i}", [new BlockId(0, 7, 0), new BlockId(1, 7, 0)], None);
            Assert.Equal("01", await ReadAsync(store, $"jobs/{i}"));
        }

        Assert.Equal(0, OpenFiles());

        int OpenFiles() => Directory.GetFiles("/proc/self/fd")
            .Count(
                path => new FileInfo(path).LinkTarget?.StartsWith(_folder.Combine(".store", "staged"), StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Empty_folders_of_jobs_are_tidied_away_and_those_of_people_are_not()
    {
        using var store = Open();
        foreach (var name in (string[])["jobs/day/id/results/0", "jobs/day/id/job.json", "drop/incoming/scanner1/a.dcm"])
            await PutAsync(store, name, "");

        await store.DeleteAsync("jobs/day/id/results/0", null, None);
        Assert.False(Directory.Exists(_folder.Combine("jobs", "day", "id", "results")));
        await store.DeleteAsync("jobs/day/id/job.json", null, None);
        Assert.Empty(Directory.GetDirectories(_folder.Combine("jobs")));
        await store.MoveAsync("drop/incoming/scanner1/a.dcm", "drop/failed/a.dcm", ifMatch: null, None);
        Assert.True(Directory.Exists(_folder.Combine("drop", "incoming", "scanner1")));
    }

    [Fact]
    public async Task Writers_and_deleters_of_one_folder_do_not_trip_over_each_other()
    {
        using var store = Open();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.NotNull(await PutAsync(store, $"jobs/day/id/{writer}", "x"));
                Assert.True(await store.DeleteAsync($"jobs/day/id/{writer}", null, None));
            }
        })));
    }

    [Fact]
    public async Task A_folder_where_an_object_should_be_is_a_clear_error()
    {
        using var store = Open();
        await PutAsync(store, "jobs/day/x", "x");

        Assert.Null(await store.GetPropertiesAsync("jobs/day", None));
        Assert.Null(await store.OpenReadAsync("jobs/day", ObjectRange.All, null, None));
        await Assert.ThrowsAsync<ObjectNameTakenException>(() => PutAsync(store, "jobs/day", "x"));
        await Assert.ThrowsAsync<ObjectNameTakenException>(() => PutAsync(store, "jobs/day/x/below", "x"));
    }

    [TinyDiskFact]
    public async Task A_full_disk_is_a_clear_error_that_goes_away_with_its_cause()
    {
        using var disk = new TinyDisk(256);
        using var store = new DirectoryObjectStore(disk.Path);
        await PutAsync(store, "jobs/kept", "kept");
        await StageAsync(store, "jobs/x", new BlockId(0, 7, 0), "staged before");
        await File.WriteAllBytesAsync(Path.Combine(disk.Path, "filler"), new byte[100_000]);
        var large = new string('x', 200_000);

        var put = await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync(store, "jobs/kept", large));
        var staged = await Assert.ThrowsAsync<ObjectStoreException>(() => StageAsync(store, "jobs/x", new BlockId(1, 7, 0), large));
        Assert.Contains("the disk is full", put.Message, StringComparison.Ordinal);
        Assert.Contains("the disk is full", staged.Message, StringComparison.Ordinal);
        Assert.Equal("kept", await ReadAsync(store, "jobs/kept"));

        File.Delete(Path.Combine(disk.Path, "filler"));
        await StageAsync(store, "jobs/x", new BlockId(1, 7, 0), ", and after");
        await store.CommitBlocksAsync("jobs/x", [new BlockId(0, 7, 0), new BlockId(1, 7, 0)], None);
        Assert.Equal("staged before, and after", await ReadAsync(store, "jobs/x"));
        Assert.Empty(Directory.GetFiles(Path.Combine(disk.Path, ".store", "temp")));
    }

    [TinyDiskFact]
    public async Task Files_can_be_moved_in_from_another_file_system()
    {
        using var store = Open();
        await PutAsync(store, "drop/incoming/.keep", "");
        using var disk = new TinyDisk(256);
        Mount(disk.Path, _folder.Combine("drop", "incoming"));
        try
        {
            await File.WriteAllTextAsync(_folder.Combine("drop", "incoming", "a.dcm"), "from a share");
            var written = (await store.GetPropertiesAsync("drop/incoming/a.dcm", None))!.LastModified;
            Assert.True(await store.MoveAsync("drop/incoming/a.dcm", "drop/failed/a.dcm", ifMatch: null, None));
            Assert.Equal("from a share", await ReadAsync(store, "drop/failed/a.dcm"));
            Assert.Equal(written, (await store.GetPropertiesAsync("drop/failed/a.dcm", None))!.LastModified);
            Assert.Null(await store.GetPropertiesAsync("drop/incoming/a.dcm", None));
            var refused = await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync(store, "drop/incoming/b.dcm", "x"));
            Assert.Contains("different file systems", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            using var process = Process.Start("umount", [_folder.Combine("drop", "incoming")]);
            await process.WaitForExitAsync();
        }

        static void Mount(string what, string where)
        {
            using var process = Process.Start("mount", ["--bind", what, where]);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }

    private DirectoryObjectStore Open() => new(_folder.Path);

    private static Task<ObjectProperties?> PutAsync(DirectoryObjectStore store, string name, string content) =>
        store.PutAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(content)), PutCondition.Always, None);

    private static Task StageAsync(DirectoryObjectStore store, string name, BlockId block, string content) =>
        store.StageBlockAsync(name, block, Encoding.UTF8.GetBytes(content), None);

    private static async Task<string> ReadAsync(DirectoryObjectStore store, string name)
    {
        await using var stream = await store.OpenReadAsync(name, ObjectRange.All, null, None);
        using var reader = new StreamReader(stream!);
        return await reader.ReadToEndAsync();
    }
}
