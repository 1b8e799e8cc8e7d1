using System.IO.Compression;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Local.Inputs;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Inputs;

public sealed class LocalFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public LocalFilesTests()
    {
        string[] names =
            ["a.dcm", "b.DCM", "DICOMDIR", ".hidden.dcm", "sub/c.dcm", "sub/notes.txt", "sub/.git/d.dcm", "sub/dicomdir"];
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.Combine(name))!);
            File.WriteAllBytes(_folder.Combine(name), [1]);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task DICOMDIR_and_hidden_files_of_a_folder_are_passed_over_and_counted()
    {
        var filter = new FileFilter([], []);

        Assert.Equal(["a.dcm", "b.DCM", "sub/c.dcm", "sub/notes.txt"], await FindAsync(filter, _folder.Path));
        Assert.Equal("Passed over: 2 DICOMDIR, 2 hidden files.", filter.PassedOver);
    }

    [Theory]
    [InlineData("*.dcm", "", "a.dcm|sub/c.dcm", 2)]
    [InlineData("*.dcm|*.DCM", "", "a.dcm|b.DCM|sub/c.dcm", 1)]
    [InlineData("", "*.txt", "a.dcm|b.DCM|sub/c.dcm", 1)]
    [InlineData("", "sub/**", "a.dcm|b.DCM", 2)]
    [InlineData("sub/*", "*.txt", "sub/c.dcm", 3)]
    [InlineData("", "a.*|notes.*", "b.DCM|sub/c.dcm", 2)]
    public async Task Include_and_exclude_choose_by_name_or_by_path(string include, string exclude, string found, int excluded)
    {
        var filter = new FileFilter(
            include.Split('|', StringSplitOptions.RemoveEmptyEntries), exclude.Split('|', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(found.Split('|'), await FindAsync(filter, _folder.Path));
        Assert.EndsWith(
            $", {excluded} {(excluded == 1 ? "file" : "files")} by --include and --exclude.", filter.PassedOver, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".hidden.dcm")]
    [InlineData("DICOMDIR")]
    public async Task A_file_that_is_named_itself_is_taken(string name)
    {
        var filter = new FileFilter([], ["*"]);

        Assert.Equal([name], await FindAsync(filter, _folder.Combine(name)));
        Assert.Null(filter.PassedOver);
    }

    [Fact]
    public async Task A_zip_file_in_a_folder_gives_its_files_in_its_place()
    {
        using (var zip = ZipFile.Open(_folder.Combine("aa.zip"), ZipArchiveMode.Create))
        {
            foreach (var name in new[] { "x/1.dcm", "x/DICOMDIR", "__MACOSX/._1.dcm", "x/readme.txt" })
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.WriteByte(1);
            }
        }

        var filter = new FileFilter(["*.dcm"], ["sub/**"]);

        Assert.Equal(["a.dcm", "aa.zip/x/1.dcm"], await FindAsync(filter, _folder.Path));
        Assert.StartsWith("Passed over: 3 DICOMDIR, 3 hidden files, ", filter.PassedOver, StringComparison.Ordinal);
        Assert.Equal(["aa.zip/x/1.dcm", "aa.zip/x/readme.txt"], await FindAsync(new FileFilter([], []), _folder.Combine("aa.zip")));
        Assert.DoesNotContain("aa.zip/x/1.dcm", await FindAsync(new FileFilter([], ["*.zip"]), _folder.Path));
    }

    [Fact]
    public async Task Relative_paths_start_from_the_working_directory_and_missing_files_stay_to_have_a_record()
    {
        var input = Assert.Single(await InputsAsync(new FileFilter([], []), "no/such.dcm"));

        Assert.Equal(new UploadInput($"file:{Environment.CurrentDirectory}/no/such.dcm", IsLiteral: true), input);
    }

    [Fact]
    public async Task A_folder_with_nothing_to_upload_has_one_failure()
    {
        Directory.CreateDirectory(_folder.Combine("empty"));

        var input = Assert.Single(await InputsAsync(new FileFilter([], []), _folder.Combine("empty")));

        Assert.Equal((FailureCode.NoMatch, $"file:{_folder.Path}/empty/"), (input.Problem?.Code, input.Source));
    }

    [Theory]
    [InlineData("gs://b/*.dcm")]
    [InlineData("dicomweb:pacs/studies/1.2")]
    [InlineData("file://host/a.dcm")]
    public async Task Other_sources_stay_as_they_are(string source) =>
        Assert.Equal([new UploadInput(source)], await InputsAsync(new FileFilter([], []), source));

    private static ValueTask<List<UploadInput>> InputsAsync(FileFilter filter, string source) =>
        new LocalFiles(filter).FindAsync(new UploadInput(source), CancellationToken.None).ToListAsync();

    private async Task<List<string>> FindAsync(FileFilter filter, string source)
    {
        var inputs = await InputsAsync(filter, source);
        Assert.All(inputs, input => Assert.True(input is { IsLiteral: true, Problem: null }));
        return [.. inputs.Select(input => input.Source[$"file:{_folder.Path}/".Length..])];
    }
}
