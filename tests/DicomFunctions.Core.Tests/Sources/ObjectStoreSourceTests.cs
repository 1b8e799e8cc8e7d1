using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources;

public sealed class ObjectStoreSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DirectoryObjectStore _store;
    private readonly ObjectStoreSource _source;

    public ObjectStoreSourceTests()
    {
        _store = new DirectoryObjectStore(_folder.Path);
        _source = new ObjectStoreSource(_store, new StoredObjects(_store), new SourceFolder("drop/"));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("drop/incoming/a.dcm", true)]
    [InlineData("drop/2026-01-01T10:00/a.dcm", true)]
    [InlineData("gs://b/a", false)]
    [InlineData("file:a", false)]
    [InlineData("https://x/y", false)]
    public void CanOpen_names_without_scheme_only(string reference, bool can) => Assert.Equal(can, _source.CanOpen(reference));

    [Fact]
    public async Task ExpandAsync_patterns_give_the_objects_in_order()
    {
        foreach (var name
            in new[] { "drop/incoming/b/2.dcm", "drop/incoming/b/1.dcm", "drop/incoming/a.dcm", "drop/incoming/a.txt", "drop/other/x.dcm" })
        {
            await PutAsync(name, [1]);
        }

        Assert.Equal(["drop/incoming/a.dcm"], await _source.ExpandAsync("drop/incoming/*.dcm"));
        Assert.Equal(
            ["drop/incoming/a.dcm", "drop/incoming/b/1.dcm", "drop/incoming/b/2.dcm"], await _source.ExpandAsync("drop/incoming/**/*.dcm"));
        Assert.Equal(["drop/incoming/b/1.dcm", "drop/incoming/b/2.dcm"], await _source.ExpandAsync("drop/incoming/b/"));
        Assert.Equal(5, (await _source.ExpandAsync("drop/")).Count);
        Assert.Equal(["drop/none.dcm"], await _source.ExpandAsync("drop/none.dcm"));
    }

    [Fact]
    public async Task ExpandAsync_continues_after_any_page()
    {
        // A page ends with x0999, before names that differ from it in their last character, their length, and their script.
        foreach (var i in Enumerable.Range(0, 1000))
            await PutAsync($"drop/incoming/x{i:D4}", [1]);
        foreach (var name in new[] { "drop/incoming/x0999é", "drop/incoming/x0999/1", "drop/incoming/X", "drop/incoming/x1000" })
            await PutAsync(name.Replace("x0999/1", "x09990", StringComparison.Ordinal), [1]);
        var all = await _source.ExpandAsync("drop/incoming/");
        Assert.Equal(1004, all.Count);
        Assert.Equal(all, await _source.ExpandPageByPageAsync("drop/incoming/"));
    }

    [Theory]
    [InlineData("drop/none/*.dcm", FailureCode.NoMatch)]
    [InlineData("drop/none/", FailureCode.NoMatch)]
    [InlineData("*/x", FailureCode.BadReference)]
    [InlineData("drop*/x", FailureCode.BadReference)]
    [InlineData("drop/../x*", FailureCode.BadReference)]
    [InlineData("/", FailureCode.BadReference)]
    [InlineData(".store/*", FailureCode.Forbidden)]
    [InlineData("jobs/**", FailureCode.Forbidden)]
    [InlineData("jobs/", FailureCode.Forbidden)]
    [InlineData("dropped/*", FailureCode.Forbidden)]
    [InlineData("Drop/*", FailureCode.Forbidden)]
    [InlineData("azure-webjobs-secrets/**", FailureCode.Forbidden)]
    public async Task ExpandAsync_nothing_to_find_is_one_problem(string pattern, string code) =>
        Assert.Equal([$"<{code}>"], await _source.ExpandAsync(pattern));

    [Fact]
    public async Task OpenAsync_object_gives_its_bytes_length_and_version()
    {
        await PutAsync("drop/a.dcm", [1, 2, 3]);
        Assert.Equal([1, 2, 3], await _source.ReadAsync("drop/a.dcm"));
        await using var opened = await _source.OpenedAsync("drop/a.dcm");
        Assert.Equal((await _store.GetPropertiesAsync("drop/a.dcm", CancellationToken.None))!.ETag, opened.Version);
    }

    [Theory]
    [InlineData("drop/none.dcm", FailureCode.NotFound)]
    [InlineData("drop/*.dcm", FailureCode.NotFound)] // wildcards mean nothing here
    [InlineData("drop/empty.dcm", FailureCode.Empty)]
    [InlineData("../etc/passwd", FailureCode.BadReference)]
    [InlineData("drop/a\0b", FailureCode.BadReference)]
    [InlineData("", FailureCode.BadReference)]
    [InlineData("/drop/a", FailureCode.BadReference)]
    [InlineData(".store/x", FailureCode.Forbidden)]
    [InlineData("jobs/20261122/20261122-080000-000001/bodies/00000.dcm", FailureCode.Forbidden)]
    [InlineData("jobs/20261122/20261122-080000-000001/job.json", FailureCode.Forbidden)]
    [InlineData("drop", FailureCode.Forbidden)]
    [InlineData("dropped/a.dcm", FailureCode.Forbidden)]
    [InlineData("drop/../jobs/a.dcm", FailureCode.BadReference)]
    public async Task OpenAsync_nothing_to_read_is_a_problem(string reference, string code)
    {
        await PutAsync("drop/empty.dcm", []);
        foreach (var name
            in new[]
            {
                "jobs/20261122/20261122-080000-000001/bodies/00000.dcm",
                "jobs/20261122/20261122-080000-000001/job.json",
                "dropped/a.dcm",
            })
        {
            await PutAsync(name, [1]);
        }

        Assert.Equal(code, await _source.FailureAsync(reference));
    }

    [Fact]
    public async Task IsUnchangedAsync_object_replaced_or_deleted_meanwhile_is_false()
    {
        await PutAsync("drop/a.dcm", [1, 2, 3]);
        await using var replaced = await _source.OpenedAsync("drop/a.dcm");
        await PutAsync("drop/a.dcm", [4, 5, 6]);
        Assert.False(await replaced.IsUnchangedAsync(CancellationToken.None));
        await using var deleted = await _source.OpenedAsync("drop/a.dcm");
        await _store.DeleteAsync("drop/a.dcm", null, CancellationToken.None);
        Assert.False(await deleted.IsUnchangedAsync(CancellationToken.None));
    }

    private Task PutAsync(string name, byte[] content) =>
        _store.PutAsync(name, new MemoryStream(content), PutCondition.Always, CancellationToken.None);
}
