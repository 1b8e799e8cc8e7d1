using System.IO.Compression;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Sources.Files;
using DicomFunctions.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources.Files;

/// <summary>A zip file is read as a folder, and nothing in it can do harm.</summary>
public sealed class ZipFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FileSource _source;

    public ZipFilesTests() => _source = Source(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public async Task Its_files_are_listed_in_order_and_read_whole(CompressionLevel level)
    {
        var large = RandomBytes(300_000);
        var zip = Zip(archive =>
        {
            Add(archive, "b/2.dcm", large, level);
            archive.CreateEntry("b/");
            Add(archive, "1.dcm", [1, 2, 3], level);
            Add(archive, "ü ü/画.dcm", [4], level);
        });

        var found = await _source.ExpandAsync($"file:{zip}");

        Assert.True(_source.IsPattern($"file:{zip}"));
        Assert.Equal([$"file:{zip}/b/2.dcm", $"file:{zip}/1.dcm", $"file:{zip}/ü ü/画.dcm"], found);
        Assert.Equal(large, await _source.ReadAsync(found[0]));
        Assert.Equal([1, 2, 3], await _source.ReadAsync(found[1]));
        Assert.Equal([4], await _source.ReadAsync(found[2]));
        Assert.Equal(found, await _source.ExpandAsync($"file:{zip}/"));
        Assert.Equal([found[0]], await _source.ExpandAsync($"file:{zip}/b/*.dcm"));
        Assert.Equal([found[1]], await _source.ExpandAsync($"file:{zip}/?.dcm"));
    }

    [Fact]
    public async Task Many_files_come_in_pages_that_another_process_can_continue()
    {
        var zip = Zip(archive =>
        {
            for (var number = 0; number < 2_500; number++)
                Add(archive, $"{number}.dcm", [1]);
        });

        Assert.Equal(
            Enumerable.Range(0, 2_500).Select(number => $"file:{zip}/{number}.dcm"),
            await _source.ExpandPageByPageAsync($"file:{zip}"));
    }

    [Fact]
    public async Task More_files_than_the_old_format_can_count_are_all_found()
    {
        const int Count = 66_000;
        var zip = Zip(archive =>
        {
            for (var number = 0; number < Count; number++)
                archive.CreateEntry($"{number}", CompressionLevel.NoCompression);
        });

        Assert.Equal(Count, (await _source.ExpandAsync($"file:{zip}")).Count);
    }

    [Fact]
    public async Task A_folder_gives_its_zip_files_as_patterns_of_their_own()
    {
        var zip = Zip(archive => Add(archive, "1.dcm", [1]));
        List<SourceItem> items = [];
        await foreach (var page in _source.ExpandAsync($"file:{_folder.Path}/", after: null, CancellationToken.None))
            items.AddRange(page.Items);

        Assert.Equal([new SourceItem($"file:{zip}", IsPattern: true)], items);
    }

    [Fact]
    public async Task A_zip_file_in_a_zip_file_is_not_opened()
    {
        var inner = await File.ReadAllBytesAsync(Zip(archive => Add(archive, "1.dcm", [1])));
        var zip = Zip(archive => Add(archive, "inner.zip", inner), "outer.zip");

        Assert.Equal([$"file:{zip}/inner.zip"], await _source.ExpandAsync($"file:{zip}"));
        Assert.Equal(FailureCode.Unreadable, await _source.FailureAsync($"file:{zip}/inner.zip"));
        Assert.Equal(FailureCode.NotFound, await _source.FailureAsync($"file:{zip}/inner.zip/1.dcm"));
    }

    [Theory]
    [InlineData("../../outside.dcm")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    public async Task A_name_that_is_no_path_below_it_is_a_failure_and_never_looked_up(string name)
    {
        await File.WriteAllBytesAsync(_folder.Combine("outside.dcm"), [9]);
        var zip = Zip(archive =>
        {
            Add(archive, name, [1]);
            Add(archive, "good.dcm", [2]);
        });

        Assert.Equal([$"<{FailureCode.BadReference}>", $"file:{zip}/good.dcm"], await _source.ExpandAsync($"file:{zip}"));
    }

    [Fact]
    public async Task Two_files_of_one_name_are_both_failures()
    {
        var zip = Zip(archive =>
        {
            Add(archive, "a.dcm", [1]);
            Add(archive, "a.dcm", [2]);
        });

        Assert.Equal(FailureCode.BadReference, await _source.FailureAsync($"file:{zip}/a.dcm"));
    }

    [Fact]
    public async Task An_empty_or_missing_file_is_told_from_a_missing_zip_file()
    {
        var zip = Zip(archive => archive.CreateEntry("empty.dcm"));

        Assert.Equal(FailureCode.Empty, await _source.FailureAsync($"file:{zip}/empty.dcm"));
        Assert.Equal(FailureCode.NotFound, await _source.FailureAsync($"file:{zip}/none.dcm"));
        Assert.Equal(FailureCode.NotFound, await _source.FailureAsync($"file:{_folder.Path}/none.zip/a.dcm"));
    }

    [Fact]
    public async Task A_file_with_another_checksum_never_gives_its_last_byte()
    {
        var zip = Zip(archive => Add(archive, "a.dcm", RandomBytes(100_000), CompressionLevel.NoCompression));
        var bytes = await File.ReadAllBytesAsync(zip);
        bytes[50_000] ^= 1;
        await File.WriteAllBytesAsync(zip, bytes);

        await using var opened = await _source.OpenedAsync($"file:{zip}/a.dcm");
        var read = new MemoryStream();
        await Assert.ThrowsAsync<InvalidDataException>(() => opened.Content.CopyToAsync(read));

        Assert.True(read.Length < 100_000);
        Assert.Equal(FailureCode.Unreadable, opened.ReadProblem?.Code);
        Assert.False(await opened.IsUnchangedAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_replaced_zip_file_is_noticed()
    {
        var zip = Zip(archive => Add(archive, "a.dcm", [1, 2]));
        await using (var opened = await _source.OpenedAsync($"file:{zip}/a.dcm"))
        {
            File.SetLastWriteTimeUtc(zip, DateTime.UtcNow.AddMinutes(-1));
            Assert.False(await opened.IsUnchangedAsync(CancellationToken.None));
        }

        File.Delete(zip);
        Zip(archive => Add(archive, "b.dcm", [3]));
        Assert.Equal([3], await _source.ReadAsync($"file:{zip}/b.dcm"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(-1)]
    [InlineData(-30)]
    public async Task A_file_that_is_cut_off_or_no_zip_file_is_one_failure(int length)
    {
        var zip = Zip(archive => Add(archive, "a.dcm", RandomBytes(1_000)));
        var bytes = await File.ReadAllBytesAsync(zip);
        await File.WriteAllBytesAsync(zip, bytes[..(length < 0 ? bytes.Length + length : length)]);

        Assert.Equal([$"<{FailureCode.Unreadable}>"], await _source.ExpandAsync($"file:{zip}"));
    }

    [Fact]
    public async Task Files_that_share_their_bytes_are_refused_before_any_is_unpacked()
    {
        // Two entries of the directory lead to the same bytes, as in a zip bomb.
        var zip = Zip(archive => Add(archive, "a.dcm", RandomBytes(5_000), CompressionLevel.NoCompression));
        var bytes = await File.ReadAllBytesAsync(zip);
        var directory = bytes.AsSpan().IndexOf("PK\x1\x2"u8);
        var end = bytes.AsSpan().IndexOf("PK\x5\x6"u8);
        var entry = bytes[directory..end];
        byte[] bomb = [.. bytes[..directory], .. entry, .. entry, .. bytes[end..]];
        BitConverter.TryWriteBytes(bomb.AsSpan(end + entry.Length + 8), (ushort)2);
        BitConverter.TryWriteBytes(bomb.AsSpan(end + entry.Length + 10), (ushort)2);
        BitConverter.TryWriteBytes(bomb.AsSpan(end + entry.Length + 12), 2 * entry.Length);
        await File.WriteAllBytesAsync(zip, bomb);

        var opening = await _source.OpenAsync($"file:{zip}/a.dcm", CancellationToken.None);

        Assert.Contains("overlap", opening.Problem?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_file_is_unpacked_while_it_is_read()
    {
        const long Length = 256L << 20;
        var zip = Zip(archive =>
        {
            using var entry = archive.CreateEntry("zeros.dcm", CompressionLevel.Optimal).Open();
            var zeros = new byte[1 << 20];
            for (var written = 0L; written < Length; written += zeros.Length)
                entry.Write(zeros);
        });
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await using (var opened = await _source.OpenedAsync($"file:{zip}/zeros.dcm"))
        {
            Assert.Equal(Length, opened.Length);
            await opened.Content.CopyToAsync(Stream.Null, 64 << 10);
            Assert.True(await opened.IsUnchangedAsync(CancellationToken.None));
        }

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.True(allocated < 64 << 20, $"{allocated >> 20} MiB were allocated.");
    }

    [Fact]
    public async Task A_zip_file_outside_the_roots_is_not_opened()
    {
        using var other = new TempFolder();
        var zip = other.Combine("a.zip");
        await using (var archive = await ZipFile.OpenAsync(zip, ZipArchiveMode.Create))
            Add(archive, "a.dcm", [1]);

        Assert.False(_source.IsPattern($"file:{zip}"));
        Assert.Equal(FailureCode.Forbidden, await _source.FailureAsync($"file:{zip}/a.dcm"));
        File.CreateSymbolicLink(_folder.Combine("link.zip"), zip);
        Assert.Equal([$"<{FailureCode.Forbidden}>"], await _source.ExpandAsync($"file:{_folder.Path}/link.zip"));
    }

    private static FileSource Source(string root)
    {
        var options = new SourceOptions();
        options.AllowedRoots.Add(root);
        return new FileSource(Options.Create(options));
    }

    private static byte[] RandomBytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private static void Add(ZipArchive archive, string name, byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var entry = archive.CreateEntry(name, level).Open();
        entry.Write(content);
    }

    private string Zip(Action<ZipArchive> fill, string name = "a.zip")
    {
        var path = _folder.Combine(name);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        fill(archive);
        return path;
    }
}
