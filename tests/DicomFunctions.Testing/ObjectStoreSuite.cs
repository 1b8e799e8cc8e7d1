using System.Text;
using DicomFunctions.Core.Storage;
using Xunit;

namespace DicomFunctions.Testing;

/// <summary>What every <see cref="IObjectStore"/> promises. A store passes by inheriting this.</summary>
public abstract class ObjectStoreSuite
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _folder = $"jobs/{Guid.NewGuid():n}";

    /// <summary>Length of the object that is streamed through; raise it to try a store under load.</summary>
    private protected virtual long LargeLength => 256L * 1024 * 1024;

    /// <summary>Objects in the long listing.</summary>
    private protected virtual int ManyObjects => 5_200;

    /// <summary>Opens the store under test. It may hold other tests' objects.</summary>
    private protected abstract Task<IObjectStore> CreateAsync();

    [SuiteFact]
    public async Task An_object_that_was_put_is_read_back()
    {
        var store = await CreateAsync();
        var put = await PutAsync(store, Name("a/b.json"), "hello");

        Assert.NotNull(put);
        Assert.Equal(put, await store.GetPropertiesAsync(Name("a/b.json"), None));
        Assert.Equal(5, put.Length);
        Assert.Equal(Name("a/b.json"), put.Name);
        Assert.InRange(put.LastModified, DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow.AddMinutes(10));
        Assert.Equal("hello", await ReadAsync(store, Name("a/b.json")));
    }

    [SuiteFact]
    public async Task An_object_that_is_not_there_is_null_or_false_everywhere()
    {
        var store = await CreateAsync();

        Assert.Null(await store.GetPropertiesAsync(Name("none"), None));
        Assert.Null(await store.OpenReadAsync(Name("none"), ObjectRange.All, null, None));
        Assert.Null(await store.OpenReadAsync(Name("none"), ObjectRange.All, "\"0x1\"", None));
        Assert.False(await store.DeleteAsync(Name("none"), null, None));
        Assert.False(await store.MoveAsync(Name("none"), Name("other"), ifMatch: null, None));
        Assert.Empty(await store.ListAsync(Name("none"), None).ToListAsync());
        Assert.Empty(await store.ListFoldersAsync(Name("none/"), null, None).ToListAsync());
    }

    [SuiteFact]
    public async Task An_empty_object_is_an_object()
    {
        var store = await CreateAsync();
        await PutAsync(store, Name("cancel"), "");

        Assert.Equal(0, (await store.GetPropertiesAsync(Name("cancel"), None))!.Length);
        Assert.Equal("", await ReadAsync(store, Name("cancel")));
        Assert.Single(await store.ListAsync(_folder + "/", None).ToListAsync());
    }

    [SuiteFact]
    public async Task Every_write_gives_a_new_ETag_even_at_once_and_of_one_length()
    {
        var store = await CreateAsync();
        var tags = new HashSet<string>();
        for (var i = 0; i < 20; i++)
            tags.Add((await PutAsync(store, Name("x"), i % 2 == 0 ? "aa" : "bb"))!.ETag);

        Assert.Equal(20, tags.Count);
    }

    [SuiteTheory]
    [InlineData(0L, null, "0123456789")]
    [InlineData(3L, null, "3456789")]
    [InlineData(3L, 4L, "3456")]
    [InlineData(0L, 0L, "")]
    [InlineData(8L, 100L, "89")]
    [InlineData(10L, null, "")]
    [InlineData(50L, 5L, "")]
    public async Task A_range_is_clipped_to_the_object(long offset, long? length, string expected)
    {
        var store = await CreateAsync();
        await PutAsync(store, Name("x"), "0123456789");

        Assert.Equal(expected, await ReadAsync(store, Name("x"), new ObjectRange(offset, length)));
    }

    [SuiteFact]
    public async Task Reading_with_an_ETag_that_is_no_longer_true_is_refused()
    {
        var store = await CreateAsync();
        var first = await PutAsync(store, Name("x"), "one");
        var second = await PutAsync(store, Name("x"), "two");

        await Assert.ThrowsAsync<ObjectChangedException>(() => ReadAsync(store, Name("x"), ObjectRange.All, first!.ETag));
        Assert.Equal("two", await ReadAsync(store, Name("x"), ObjectRange.All, second!.ETag));
    }

    [SuiteFact]
    public async Task A_reader_keeps_the_object_it_opened_or_is_told()
    {
        var store = await CreateAsync();
        var properties = await PutAsync(store, Name("x"), "old");
        await using var stream = await store.OpenReadAsync(Name("x"), ObjectRange.All, properties!.ETag, None);
        await PutAsync(store, Name("x"), "new, and longer");
        try
        {
            Assert.Equal("old", await TextOf(stream!));
        }
        catch (ObjectChangedException)
        {
            // As good: what must not happen is a mixture.
        }
    }

    [SuiteFact]
    public async Task Put_when_absent_writes_only_the_first()
    {
        var store = await CreateAsync();

        Assert.NotNull(await PutAsync(store, Name("x"), "one", PutCondition.WhenAbsent));
        Assert.Null(await PutAsync(store, Name("x"), "two", PutCondition.WhenAbsent));
        Assert.Equal("one", await ReadAsync(store, Name("x")));
    }

    [SuiteFact]
    public async Task Put_when_unchanged_writes_only_over_what_was_seen()
    {
        var store = await CreateAsync();
        var seen = await PutAsync(store, Name("x"), "one");

        Assert.NotNull(await PutAsync(store, Name("x"), "two", PutCondition.WhenUnchanged(seen!.ETag)));
        Assert.Null(await PutAsync(store, Name("x"), "three", PutCondition.WhenUnchanged(seen.ETag)));
        Assert.Null(await PutAsync(store, Name("none"), "three", PutCondition.WhenUnchanged(seen.ETag)));
        Assert.Equal("two", await ReadAsync(store, Name("x")));
        Assert.Null(await store.GetPropertiesAsync(Name("none"), None));
    }

    [SuiteFact]
    public async Task Of_many_who_put_when_absent_at_once_one_writes()
    {
        var store = await CreateAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => PutAsync(store, Name("x"), $"writer {i}", PutCondition.WhenAbsent))));

        var winner = Assert.Single(results, result => result is not null);
        Assert.Equal(winner, await store.GetPropertiesAsync(Name("x"), None));
    }

    [SuiteFact]
    public async Task A_put_whose_source_fails_leaves_the_old_object_and_tells_the_sources_own_error()
    {
        var store = await CreateAsync();
        await PutAsync(store, Name("x"), "old");

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            store.PutAsync(Name("x"), new PatternStream(1_000_000, failAt: 500_000), PutCondition.Always, None));
        Assert.Equal("old", await ReadAsync(store, Name("x")));
    }

    [SuiteFact]
    public async Task Staged_blocks_are_invisible_until_committed()
    {
        var store = await CreateAsync();
        await StageAsync(store, Name("x"), new BlockId(0, 1, 0), "block");

        Assert.Null(await store.GetPropertiesAsync(Name("x"), None));
        Assert.Null(await store.OpenReadAsync(Name("x"), ObjectRange.All, null, None));
        Assert.Empty(await store.ListAsync(_folder, None).ToListAsync());
    }

    [SuiteFact]
    public async Task Blocks_are_committed_in_the_order_named_and_the_others_dropped()
    {
        var store = await CreateAsync();
        BlockId first = new(0, 7, 0), second = new(0, 7, 1), third = new(1, 7, 0), stray = new(1, 8, 0);
        await StageAsync(store, Name("x"), third, "three");
        await StageAsync(store, Name("x"), stray, "stray");
        await StageAsync(store, Name("x"), second, "two,");
        await StageAsync(store, Name("x"), first, "one,");
        await store.CommitBlocksAsync(Name("x"), [first, second, third], None);

        Assert.Equal("one,two,three", await ReadAsync(store, Name("x")));
        await Assert.ThrowsAsync<ObjectStoreException>(() => store.CommitBlocksAsync(Name("x"), [stray], None));
        Assert.Equal("one,two,three", await ReadAsync(store, Name("x")));
    }

    [SuiteFact]
    public async Task A_block_staged_again_replaces_the_first()
    {
        var store = await CreateAsync();
        var block = new BlockId(0, 7, 0);
        await StageAsync(store, Name("x"), block, "a first try that was longer");
        await StageAsync(store, Name("x"), block, "again");
        await store.CommitBlocksAsync(Name("x"), [block], None);

        Assert.Equal("again", await ReadAsync(store, Name("x")));
    }

    [SuiteFact]
    public async Task A_commit_of_a_block_never_staged_is_refused_and_changes_nothing()
    {
        var store = await CreateAsync();
        BlockId there = new(0, 7, 0), missing = new(1, 7, 0);
        await StageAsync(store, Name("x"), there, "there");

        await Assert.ThrowsAsync<ObjectStoreException>(() => store.CommitBlocksAsync(Name("x"), [there, missing], None));
        Assert.Null(await store.GetPropertiesAsync(Name("x"), None));

        await StageAsync(store, Name("x"), missing, ", now");
        await store.CommitBlocksAsync(Name("x"), [there, missing], None);
        Assert.Equal("there, now", await ReadAsync(store, Name("x")));
    }

    [SuiteFact]
    public async Task A_commit_repeated_after_its_answer_was_lost_succeeds_and_changes_nothing()
    {
        var store = await CreateAsync();
        BlockId[] blocks = [new(0, 7, 0), new(1, 9, 0)];
        foreach (var block in blocks)
            await StageAsync(store, Name("x"), block, $"{block}\n");
        await store.CommitBlocksAsync(Name("x"), blocks, None);
        var content = await ReadAsync(store, Name("x"));

        await store.CommitBlocksAsync(Name("x"), blocks, None);
        Assert.Equal(content, await ReadAsync(store, Name("x")));
    }

    [SuiteFact]
    public async Task A_commit_of_no_blocks_makes_an_empty_object()
    {
        var store = await CreateAsync();
        await store.CommitBlocksAsync(Name("x"), [], None);
        await store.CommitBlocksAsync(Name("x"), [], None);

        Assert.Equal(0, (await store.GetPropertiesAsync(Name("x"), None))!.Length);
    }

    [SuiteFact]
    public async Task A_commit_replaces_an_object_that_was_there()
    {
        var store = await CreateAsync();
        await PutAsync(store, Name("x"), "old");
        await StageAsync(store, Name("x"), new BlockId(0, 1, 0), "new");
        await store.CommitBlocksAsync(Name("x"), [new BlockId(0, 1, 0)], None);

        Assert.Equal("new", await ReadAsync(store, Name("x")));
    }

    [SuiteFact]
    public async Task Of_two_writers_of_one_block_one_wins_whole()
    {
        var store = await CreateAsync();
        var block = new BlockId(3, 7, 0);
        string[] contents = [new('a', 300_000), new('b', 200_000)];
        await Task.WhenAll(contents.Select(content => Task.Run(() => StageAsync(store, Name("x"), block, content))));
        await store.CommitBlocksAsync(Name("x"), [block], None);

        Assert.Contains(await ReadAsync(store, Name("x")), contents);
    }

    [SuiteFact]
    public async Task Ten_thousand_blocks_staged_in_any_order_are_committed_in_theirs()
    {
        var store = await CreateAsync();
        var blocks = Enumerable.Range(0, 10_000).Select(i => new BlockId(i, 5, 0)).ToArray();
        var shuffled = blocks.ToArray();
        new Random(1).Shuffle(shuffled);
        await Parallel.ForEachAsync(shuffled, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (block, _) =>
            await StageAsync(store, Name("x"), block, $"line {block.Batch}\n"));
        await store.CommitBlocksAsync(Name("x"), blocks, None);

        var expected = string.Concat(blocks.Select(block => $"line {block.Batch}\n"));
        Assert.Equal(expected, await ReadAsync(store, Name("x")));
    }

    [SuiteFact]
    public async Task Blocks_of_two_objects_do_not_mix()
    {
        var store = await CreateAsync();
        var block = new BlockId(0, 7, 0);
        await StageAsync(store, Name("x"), block, "of x");
        await StageAsync(store, Name("y"), block, "of y");
        await store.CommitBlocksAsync(Name("x"), [block], None);
        await store.CommitBlocksAsync(Name("y"), [block], None);

        Assert.Equal("of x", await ReadAsync(store, Name("x")));
        Assert.Equal("of y", await ReadAsync(store, Name("y")));
    }

    [SuiteFact]
    public async Task A_listing_is_in_ordinal_order_all_folders_down()
    {
        var store = await CreateAsync();
        string[] names = ["a", "a-b", "a.txt", "a/1", "a/b/c", "a/b.c", "a0", "B", "ab", "z/é", "z/z"];
        foreach (var name in names.Where(name => name != "a"))
            await PutAsync(store, Name(name), name);

        var listed = await store.ListAsync(_folder + "/", None).ToListAsync();
        Assert.Equal(
            names.Where(name => name != "a").Select(Name).Order(StringComparer.Ordinal),
            listed.Select(properties => properties.Name));
        Assert.Equal(await store.GetPropertiesAsync(Name("a/b.c"), None), listed.Single(properties => properties.Name == Name("a/b.c")));
    }

    [SuiteFact]
    public async Task A_prefix_need_not_end_at_a_folder()
    {
        var store = await CreateAsync();
        foreach (var name in (string[])["day1/a", "day1/b", "day10/a", "day2/a"])
            await PutAsync(store, Name(name), "");

        Assert.Equal([Name("day1/a"), Name("day1/b"), Name("day10/a")], await NamesAsync(store, Name("day1")));
        Assert.Equal([Name("day1/b")], await NamesAsync(store, Name("day1/b")));
        Assert.Empty(await NamesAsync(store, Name("day1/b/")));
    }

    [SuiteFact]
    public async Task Folders_are_listed_by_their_full_names_in_order_without_what_is_deeper()
    {
        var store = await CreateAsync();
        foreach (var name in (string[])["20261122/b/x", "20261122/a/x", "20261121/a/deep/x", "file"])
            await PutAsync(store, Name(name), "");

        Assert.Equal([Name("20261121"), Name("20261122")], await store.ListFoldersAsync(_folder + "/", null, None).ToListAsync());
        Assert.Equal([Name("20261122/a"), Name("20261122/b")], await store.ListFoldersAsync(Name("20261122/"), null, None).ToListAsync());
        Assert.Equal([Name("20261122/b")], await store.ListFoldersAsync(Name("20261122/b"), null, None).ToListAsync());
        Assert.Equal([Name("20261121"), Name("20261122")], await store.ListFoldersAsync(Name("202611"), null, None).ToListAsync());
        Assert.InRange(await store.ListFoldersAsync(Name("202611"), 1, None).CountAsync(), 1, 2);
        Assert.Empty(await store.ListFoldersAsync(Name("20261122/a/"), null, None).ToListAsync());
    }

    [SuiteFact]
    public async Task A_long_listing_is_complete_and_in_order()
    {
        var store = await CreateAsync();
        var names = Enumerable.Range(0, ManyObjects).Select(i => Name($"many/{i % 3}/{i}")).ToArray();
        await Parallel.ForEachAsync(names, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (name, _) =>
            await PutAsync(store, name, ""));

        Assert.Equal(names.Order(StringComparer.Ordinal), await NamesAsync(store, Name("many/")));
    }

    [SuiteFact]
    public async Task A_move_takes_the_object_along_and_replaces_what_was_there()
    {
        var store = await CreateAsync();
        await PutAsync(store, Name("in/x"), "moved");
        await PutAsync(store, Name("out/deep/y"), "replaced");

        Assert.True(await store.MoveAsync(Name("in/x"), Name("out/deep/y"), ifMatch: null, None));
        Assert.Equal([Name("out/deep/y")], await NamesAsync(store, _folder));
        Assert.Equal("moved", await ReadAsync(store, Name("out/deep/y")));
        Assert.False(await store.MoveAsync(Name("in/x"), Name("out/deep/y"), ifMatch: null, None));
    }

    [SuiteFact]
    public async Task A_move_of_another_version_moves_nothing()
    {
        var store = await CreateAsync();
        var first = (await PutAsync(store, Name("in/x"), "first"))!.ETag;
        await PutAsync(store, Name("out/x"), "kept");
        await PutAsync(store, Name("in/x"), "second!");

        Assert.False(await store.MoveAsync(Name("in/x"), Name("out/x"), first, None));
        Assert.False(await store.MoveAsync(Name("in/none"), Name("out/x"), first, None));
        Assert.Equal("second!", await ReadAsync(store, Name("in/x")));
        Assert.Equal("kept", await ReadAsync(store, Name("out/x")));
        var second = (await store.GetPropertiesAsync(Name("in/x"), None))!.ETag;
        Assert.True(await store.MoveAsync(Name("in/x"), Name("out/x"), second, None));
        Assert.Equal("second!", await ReadAsync(store, Name("out/x")));
    }

    [SuiteFact]
    public async Task A_move_crosses_containers()
    {
        var store = await CreateAsync();
        var target = $"drop/failed/{Guid.NewGuid():n}";
        await PutAsync(store, Name("x"), "moved");

        Assert.True(await store.MoveAsync(Name("x"), target, ifMatch: null, None));
        Assert.Equal("moved", await ReadAsync(store, target));
        Assert.True(await store.DeleteAsync(target, null, None));
    }

    [SuiteFact]
    public async Task A_deleted_object_is_gone_with_its_staged_blocks()
    {
        var store = await CreateAsync();
        var block = new BlockId(0, 7, 0);
        await PutAsync(store, Name("a/x"), "x");
        await StageAsync(store, Name("a/x"), block, "staged");

        Assert.True(await store.DeleteAsync(Name("a/x"), null, None));
        Assert.False(await store.DeleteAsync(Name("a/x"), null, None));
        Assert.Empty(await NamesAsync(store, _folder));
        await Assert.ThrowsAsync<ObjectStoreException>(() => store.CommitBlocksAsync(Name("a/x"), [block], None));
        await PutAsync(store, Name("a/x"), "again");
        Assert.Equal("again", await ReadAsync(store, Name("a/x")));
    }

    [SuiteFact]
    public async Task A_delete_with_an_ETag_that_is_no_longer_true_leaves_the_object()
    {
        var store = await CreateAsync();
        var old = await PutAsync(store, Name("x"), "old");
        var now = await PutAsync(store, Name("x"), "now");

        Assert.False(await store.DeleteAsync(Name("x"), old!.ETag, None));
        Assert.Equal("now", await ReadAsync(store, Name("x")));
        Assert.True(await store.DeleteAsync(Name("x"), now!.ETag, None));
    }

    [SuiteTheory]
    [InlineData("")]
    [InlineData("/jobs/x")]
    [InlineData("jobs/../../etc/passwd")]
    [InlineData("..")]
    [InlineData("jobs/./x")]
    [InlineData("jobs//x")]
    [InlineData("jobs/x/")]
    [InlineData("jobs/a\0b")]
    [InlineData("jobs/a\nb")]
    [InlineData("jobs\\..\\x")]
    public async Task A_hostile_name_is_refused_by_every_operation(string name)
    {
        var store = await CreateAsync();
        await AssertRefusedAsync(store, name);
    }

    [SuiteFact]
    public async Task An_overlong_name_is_refused_by_every_operation()
    {
        var store = await CreateAsync();
        await AssertRefusedAsync(store, "jobs/" + new string('x', 10_000));
        await AssertRefusedAsync(store, "jobs/" + new string('x', 256));
    }

    [SuiteTheory]
    [InlineData("%2e%2e%2f")]
    [InlineData("a b+c&d?e=f#g")]
    [InlineData("~.dcm")]
    [InlineData("MÜLLER^山田.dcm")]
    [InlineData("..a")]
    public async Task An_odd_name_is_taken_literally(string name)
    {
        var store = await CreateAsync();
        await PutAsync(store, Name(name), name);

        Assert.Equal(name, await ReadAsync(store, Name(name)));
        Assert.Equal([Name(name)], await NamesAsync(store, _folder));
    }

    [SuiteFact]
    public async Task A_large_object_streams_through_under_bounded_memory()
    {
        var store = await CreateAsync();
        await using var source = new PatternStream(LargeLength);
        await store.PutAsync(Name("large"), source, PutCondition.Always, None);
        Assert.Equal(LargeLength, (await store.GetPropertiesAsync(Name("large"), None))!.Length);

        await using var stream = await store.OpenReadAsync(Name("large"), ObjectRange.All, null, None);
        var peak = await PatternStream.VerifyAsync(stream!, LargeLength);
        Assert.InRange(Math.Max(peak, source.PeakMemory), 0, source.MemoryAtStart + (LargeLength / 2));
    }

    [SuiteFact]
    public async Task A_writer_stages_full_blocks_as_it_goes_and_the_tail_at_the_end()
    {
        var store = await CreateAsync();
        using var writer = new BlockWriter(store, Name("x"), batch: 0, execution: 7, blockSize: 100_000);
        var line = Encoding.ASCII.GetBytes(new string('l', 999) + "\n");
        for (var i = 0; i < 350; i++)
        {
            line.CopyTo(writer.GetSpan(line.Length));
            writer.Advance(line.Length);
            await writer.FlushIfFullAsync(None);
        }

        var blocks = await writer.CompleteAsync(None);
        await store.CommitBlocksAsync(Name("x"), blocks, None);

        Assert.Equal(350_000, writer.BytesWritten);
        Assert.Equal([new BlockId(0, 7, 0), new(0, 7, 1), new(0, 7, 2), new(0, 7, 3)], blocks);
        Assert.Equal(string.Concat(Enumerable.Repeat(Encoding.ASCII.GetString(line), 350)), await ReadAsync(store, Name("x")));
    }

    [SuiteFact]
    public async Task A_writer_takes_more_at_once_than_a_block()
    {
        var store = await CreateAsync();
        using var writer = new BlockWriter(store, Name("x"), batch: 0, execution: 7, blockSize: 1000);
        Encoding.ASCII.GetBytes("start,").CopyTo(writer.GetSpan());
        writer.Advance(6);
        writer.GetSpan(500_000)[..500_000].Fill((byte)'x');
        writer.Advance(500_000);
        await writer.FlushIfFullAsync(None);
        await store.CommitBlocksAsync(Name("x"), await writer.CompleteAsync(None), None);

        Assert.Equal("start," + new string('x', 500_000), await ReadAsync(store, Name("x")));
    }

    [SuiteFact]
    public async Task A_writer_that_wrote_nothing_stages_nothing()
    {
        var store = await CreateAsync();
        using var writer = new BlockWriter(store, Name("x"), batch: 0, execution: 7);

        Assert.Empty(await writer.CompleteAsync(None));
    }

    /// <summary>A name of this test's own.</summary>
    protected string Name(string name) => $"{_folder}/{name}";

    private protected static Task<ObjectProperties?> PutAsync(
        IObjectStore store, string name, string content, PutCondition condition = default) =>
        store.PutAsync(name, new MemoryStream(Encoding.UTF8.GetBytes(content)), condition, None);

    private protected static Task StageAsync(IObjectStore store, string name, BlockId block, string content) =>
        store.StageBlockAsync(name, block, Encoding.UTF8.GetBytes(content), None);

    private protected static async Task<string> ReadAsync(
        IObjectStore store, string name, ObjectRange range = default, string? ifMatch = null)
    {
        await using var stream = await store.OpenReadAsync(name, range, ifMatch, None);
        Assert.NotNull(stream);
        return await TextOf(stream);
    }

    private static async Task<string> TextOf(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private static async Task<List<string>> NamesAsync(IObjectStore store, string prefix) =>
        await store.ListAsync(prefix, None).Select(properties => properties.Name).ToListAsync();

    private async Task AssertRefusedAsync(IObjectStore store, string name)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.GetPropertiesAsync(name, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.OpenReadAsync(name, ObjectRange.All, null, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => PutAsync(store, name, "x"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => StageAsync(store, name, new BlockId(0, 0, 0), "x"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.CommitBlocksAsync(name, [], None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.DeleteAsync(name, null, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => store.MoveAsync("jobs/x", name, ifMatch: null, None));
        Assert.False(await IsMovedAsync());

        // It may be a name that a listing gave, and then it names what is there under it, and nothing else.
        async Task<bool> IsMovedAsync()
        {
            try
            {
                return await store.MoveAsync(name, Name("moved"), ifMatch: null, None);
            }
            catch (Exception exception) when (exception is ArgumentException or ObjectStoreException)
            {
                return false;
            }
        }
    }
}
