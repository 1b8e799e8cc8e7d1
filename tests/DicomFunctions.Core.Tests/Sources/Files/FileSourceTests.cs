using System.Diagnostics;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Sources;
using DicomFunctions.Core.Sources.Files;
using DicomFunctions.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.Sources.Files;

public sealed class FileSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly string _root;
    private readonly FileSource _source;

    public FileSourceTests()
    {
        _root = Directory.CreateDirectory(_folder.Combine("root")).FullName;
        _source = Source(_root);
        Write("root/a.dcm", 1, 2, 3);
        Write("root/b.txt", 4);
        Write("root/sub/c.dcm", 5);
        Write("root/sub/deep/d.dcm", 6);
        Write("outside.dcm", 7);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OpenAsync_relative_absolute_and_URL_are_the_same_file()
    {
        foreach (var reference in new[] { "file:a.dcm", $"file:{_root}/a.dcm", $"file://{_root}/a.dcm", "FILE:sub/../a.dcm" })
        {
            Assert.True(_source.CanOpen(reference));
            Assert.False(_source.IsPattern(reference));
            Assert.Equal([1, 2, 3], await _source.ReadAsync(reference));
        }
    }

    [Fact]
    public async Task ExpandAsync_patterns_and_folders_give_absolute_references_in_order()
    {
        Assert.Equal(Files("a.dcm"), await _source.ExpandAsync("file:*.dcm"));
        Assert.Equal(Files("a.dcm", "sub/c.dcm", "sub/deep/d.dcm"), await _source.ExpandAsync("file:**/*.dcm"));
        Assert.Equal(Files("sub/c.dcm"), await _source.ExpandAsync("file:*/?.dcm"));
        Assert.Equal(Files("sub/c.dcm", "sub/deep/d.dcm"), await _source.ExpandAsync("file:sub/"));
        Assert.Equal(Files("sub/c.dcm", "sub/deep/d.dcm"), await _source.ExpandAsync($"file:{_root}/sub"));
        Assert.Equal(Files("a.dcm", "b.txt", "sub/c.dcm", "sub/deep/d.dcm"), await _source.ExpandAsync($"file:{_root}"));
        Assert.True(_source.IsPattern("file:sub"));
        Assert.Equal(["file:none.dcm"], await _source.ExpandAsync("file:none.dcm"));
    }

    [Theory]
    [InlineData("file:./")]
    [InlineData("file:**/*.dcm")]
    [InlineData("file:*/*/*.dcm")]
    [InlineData("file:sub/")]
    public async Task ExpandAsync_continues_after_any_folder(string pattern)
    {
        string[] names =
            ["sub/deep/er/e.dcm", "sub/a/1.dcm", "sub/z.dcm", "sub!/1.dcm", "sub0/x/y/z.dcm", "a/b/c.dcm", "z/z.dcm"];
        foreach (var name in names)
            Write("root/" + name, 1);
        Directory.CreateDirectory(Path.Combine(_root, "sub/empty"));
        var all = await _source.ExpandAsync(pattern);
        Assert.True(all.Count > 1);
        Assert.Equal(all, await _source.ExpandPageByPageAsync(pattern));
    }

    [Fact]
    public async Task ExpandAsync_file_with_wildcards_in_its_name_can_be_opened()
    {
        Write("root/odd/x*?.dcm", 9);
        var item = Assert.Single(await _source.ExpandAsync("file:odd/"));
        Assert.Equal([9], await _source.ReadAsync(item));
    }

    [Theory]
    [InlineData("file:none/*.dcm", FailureCode.NotFound)]
    [InlineData("file:*.none", FailureCode.NoMatch)]
    [InlineData("file:../*.dcm", FailureCode.Forbidden)]
    [InlineData("file:/*", FailureCode.Forbidden)]
    [InlineData("file:/etc/", FailureCode.Forbidden)]
    [InlineData("file:", FailureCode.BadReference)]
    public async Task ExpandAsync_nothing_to_find_is_one_problem(string pattern, string code) =>
        Assert.Equal([$"<{code}>"], await _source.ExpandAsync(pattern));

    [Theory]
    [InlineData("file:none.dcm", FailureCode.NotFound)]
    [InlineData("file:a.dcm/x", FailureCode.NotFound)]
    [InlineData("file:sub", FailureCode.Unreadable)]
    [InlineData("file:../outside.dcm", FailureCode.Forbidden)]
    [InlineData("file:/etc/passwd", FailureCode.Forbidden)]
    [InlineData("file:/etc/none", FailureCode.Forbidden)] // not even whether it exists is told
    [InlineData("file://host/share/a.dcm", FailureCode.BadReference)]
    [InlineData("file:a\0.dcm", FailureCode.BadReference)]
    [InlineData("file:", FailureCode.BadReference)]
    [InlineData("file://", FailureCode.BadReference)]
    public async Task OpenAsync_nothing_to_read_is_a_problem(string reference, string code) =>
        Assert.Equal(code, await _source.FailureAsync(reference));

    [Fact]
    public async Task OpenAsync_name_too_long_for_the_file_system_is_a_problem()
    {
        await _source.FailureAsync("file:" + new string('x', 1000));
        Assert.Equal(FailureCode.BadReference, await _source.FailureAsync("file:" + new string('x', 10_000)));
    }

    [Fact]
    public async Task OpenAsync_sibling_whose_name_begins_like_the_root_is_outside()
    {
        Write("root2/x.dcm", 1);
        Assert.Equal(FailureCode.Forbidden, await _source.FailureAsync($"file:{_root}2/x.dcm"));
    }

    [Fact]
    public async Task OpenAsync_empty_file_is_a_problem()
    {
        Write("root/empty.dcm");
        Assert.Equal(FailureCode.Empty, await _source.FailureAsync("file:empty.dcm"));
    }

    [Fact]
    public async Task OpenAsync_no_roots_says_which_option_to_set()
    {
        var opening = await Source().OpenAsync("file:a.dcm", CancellationToken.None);
        Assert.Equal(FailureCode.Forbidden, opening.Problem?.Code);
        Assert.Contains("DicomFunctions:Sources:AllowedRoots", opening.Problem?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_link_that_stays_under_a_root_is_followed()
    {
        File.CreateSymbolicLink(_folder.Combine("root", "link.dcm"), "sub/../sub/c.dcm");
        Directory.CreateSymbolicLink(_folder.Combine("root", "linked"), _folder.Combine("root", "sub"));
        Assert.Equal([5], await _source.ReadAsync("file:link.dcm"));
        Assert.Equal([6], await _source.ReadAsync("file:linked/deep/d.dcm"));
    }

    [Fact]
    public async Task OpenAsync_link_to_outside_is_forbidden()
    {
        File.CreateSymbolicLink(_folder.Combine("root", "link.dcm"), "../outside.dcm");
        Directory.CreateSymbolicLink(_folder.Combine("root", "linked"), _folder.Path);
        Assert.Equal(FailureCode.Forbidden, await _source.FailureAsync("file:link.dcm"));
        Assert.Equal(FailureCode.Forbidden, await _source.FailureAsync("file:linked/outside.dcm"));
        Assert.Equal(["<forbidden>"], await _source.ExpandAsync("file:linked/*.dcm"));
    }

    [Fact]
    public async Task Links_that_go_in_circles_are_a_problem_and_no_loop()
    {
        Directory.CreateSymbolicLink(_folder.Combine("root", "sub", "up"), _root);
        File.CreateSymbolicLink(_folder.Combine("root", "self.dcm"), "self.dcm");
        Assert.Equal(Files("a.dcm", "self.dcm", "sub/c.dcm", "sub/deep/d.dcm"), await _source.ExpandAsync("file:**/*.dcm"));
        Assert.Equal(FailureCode.Unreadable, await _source.FailureAsync("file:self.dcm"));
    }

    [Fact]
    public async Task OpenAsync_root_that_is_a_link_is_read_by_either_name()
    {
        Directory.CreateSymbolicLink(_folder.Combine("alias"), _root);
        var source = Source(_folder.Combine("alias"));
        Assert.Equal([1, 2, 3], await source.ReadAsync("file:a.dcm"));
        Assert.Equal([1, 2, 3], await source.ReadAsync($"file:{_root}/a.dcm"));
    }

    [Fact]
    public async Task OpenAsync_named_pipe_is_a_problem_and_does_not_wait()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var mkfifo = Process.Start("mkfifo", _folder.Combine("root", "pipe.dcm"));
        await mkfifo.WaitForExitAsync();
        Assert.Equal(FailureCode.Unreadable, await _source.FailureAsync("file:pipe.dcm").WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task IsUnchangedAsync_file_written_to_meanwhile_is_false()
    {
        await using var opened = await _source.OpenedAsync("file:a.dcm");
        using (var file = File.Open(_folder.Combine("root", "a.dcm"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
            file.WriteByte(4);
        Assert.Equal([1, 2, 3], await opened.ReadToEndAsync());
        Assert.False(await opened.IsUnchangedAsync(CancellationToken.None));
    }

    [Fact]
    public async Task IsUnchangedAsync_file_truncated_meanwhile_is_false()
    {
        await using var opened = await _source.OpenedAsync("file:a.dcm");
        using (var file = File.Open(_folder.Combine("root", "a.dcm"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(1);
        Assert.Equal([1], await opened.ReadToEndAsync());
        Assert.Equal(FailureCode.Changed, opened.ReadProblem?.Code);
        Assert.False(await opened.IsUnchangedAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Content_file_replaced_meanwhile_is_whole_as_it_was_opened()
    {
        await using var opened = await _source.OpenedAsync("file:a.dcm");
        Write("root/new", 8, 8, 8, 8);
        File.Move(_folder.Combine("root", "new"), _folder.Combine("root", "a.dcm"), overwrite: true);
        Assert.Equal([1, 2, 3], await opened.ReadToEndAsync());
        Assert.True(await opened.IsUnchangedAsync(CancellationToken.None));
    }

    [NonRootFact]
    public async Task Unreadable_file_and_folder_are_problems_and_the_rest_goes_on()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.SetUnixFileMode(_folder.Combine("root", "a.dcm"), UnixFileMode.None);
        File.SetUnixFileMode(_folder.Combine("root", "sub", "deep"), UnixFileMode.None);
        Assert.Equal(FailureCode.Forbidden, await _source.FailureAsync("file:a.dcm"));
        Assert.Equal([.. Files("a.dcm", "sub/c.dcm"), "<forbidden>"], await _source.ExpandAsync("file:**/*.dcm"));
        File.SetUnixFileMode(
            _folder.Combine("root", "sub", "deep"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static FileSource Source(params string[] roots)
    {
        var options = new SourceOptions();
        foreach (var root in roots)
            options.AllowedRoots.Add(root);
        return new FileSource(Options.Create(options));
    }

    private IEnumerable<string> Files(params string[] names) => names.Select(name => $"file:{_root}/{name}");

    private void Write(string name, params byte[] content)
    {
        var path = _folder.Combine(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }
}
