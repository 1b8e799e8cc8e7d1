using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary><c>dicomfn retrieve</c> against an emulated store of 51 files: 50 in one series, and one in another of the study.</summary>
public sealed class RetrieveTests : IAsyncLifetime
{
    private const int Count = 51;

    private static readonly string Study = SmallFiles.Study(0);

    private readonly TempFolder _folder = new();
    private EmulatorProcess _emulator = null!;

    private string To => _folder.Combine("out");

    private string[] Options => ["--data", _folder.Combine("data"), "--base-url", _emulator.Url, "--store", Stores.Files];

    public async Task InitializeAsync()
    {
        _emulator = await EmulatorProcess.StartAsync();
        SmallFiles.Write(_folder.Combine("files"), Count);
        Assert.Equal(0, (await DicomFn.RunAsync(["upload", .. Options, _folder.Combine("files")])).ExitCode);
    }

    public async Task DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_study_becomes_files_in_a_folder_and_again_changes_nothing()
    {
        var first = await DicomFn.RunAsync(["retrieve", .. Options, Study, "--to", To]);
        var requests = await _emulator.CountRequestsAsync();
        var again = await DicomFn.RunAsync(["retrieve", .. Options, Study, "--to", To]);

        foreach (var run in (Finished[])[first, again])
        {
            Assert.True(run.ExitCode == 0, run.Error);
            var files = JsonDocument.Parse(Assert.Single(run.Lines)).RootElement.GetProperty("result").EnumerateArray().ToList();
            Assert.Equal(
                Enumerable.Range(0, Count).Select(Path).Order(StringComparer.Ordinal),
                files.Select(file => file.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        }

        for (var i = 0; i < Count; i++)
            Assert.Equal(SmallFiles.Bytes(i), await File.ReadAllBytesAsync(Path(i)));
        // Nothing else is left, neither in the folder nor in the data directory.
        Assert.Equal(Count, Directory.EnumerateFileSystemEntries(To, "*", SearchOption.AllDirectories).Count(File.Exists));
        Assert.Equal([System.IO.Path.Combine(To, Study)], Directory.EnumerateFileSystemEntries(To));
        Assert.False(Directory.Exists(_folder.Combine("data", "retrieved")));
        // The search alone, and the page after its last.
        Assert.Equal(requests + 2, await _emulator.CountRequestsAsync());
    }

    [Theory]
    [InlineData("studies", 51)]
    [InlineData("series", 50, 1)]
    [InlineData("instances", 1, 1)]
    public async Task Each_of_several_uids_of_a_level_is_an_input(string level, params int[] files)
    {
        string[] uids = level switch
        {
            "studies" => [Study],
            "series" => [Study, SmallFiles.Series(0), SmallFiles.Series(50)],
            _ => [Study, SmallFiles.Series(0), SmallFiles.Uid(1), SmallFiles.Uid(2)],
        };

        var run = await DicomFn.RunAsync(["retrieve", .. Options, "--level", level, "--type", "instances", .. uids]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(files, run.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("result").GetArrayLength()));
    }

    [Fact]
    public async Task Paths_need_no_store()
    {
        var study = $"{Stores.Files}/dicomWeb/studies/{Study}";

        var run = await DicomFn.RunAsync(
            ["retrieve", "--data", _folder.Combine("data"), study, $"{study}/series/{SmallFiles.Series(50)}"],
            new Dictionary<string, string>
            {
                ["DicomFunctions__DicomWeb__BaseUrl"] = _emulator.Url,
                ["DicomFunctions__Authorization__Mode"] = "None",
            });

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal([Count, 1], run.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("result").GetArrayLength()));
    }

    [Fact]
    public async Task A_file_in_the_way_fails_its_study_and_stays()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(50))!);
        await File.WriteAllTextAsync(Path(50), "mine");

        var run = await DicomFn.RunAsync(["retrieve", .. Options, Study, "--to", To]);

        Assert.Equal(1, run.ExitCode);
        var record = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal($"{Path(50)} is taken by a file with other bytes.", record.GetProperty("status").GetString());
        Assert.Equal(Count - 1, record.GetProperty("result").GetArrayLength());
        Assert.Equal("mine", await File.ReadAllTextAsync(Path(50)));
    }

    [Fact]
    public async Task Files_in_the_data_directory_stay_or_go_with_their_job()
    {
        foreach (var goes in (bool[])[false, true])
        {
            Assert.Equal(0, (await DicomFn.RunAsync(["retrieve", .. Options, Study, "--type", "instances"])).ExitCode);
            var list = await DicomFn.RunAsync("jobs", "list", "--data", _folder.Combine("data"));
            var id = JsonDocument.Parse(list.Lines[0]).RootElement.GetProperty("id").GetString()!;
            string[] files = goes ? ["--files"] : [];

            Assert.Equal(0, (await DicomFn.RunAsync(["jobs", "delete", id, "--data", _folder.Combine("data"), .. files])).ExitCode);

            Assert.Equal(!goes, Directory.Exists(_folder.Combine("data", "retrieved", id)));
        }
    }

    private string Path(int number) =>
        System.IO.Path.Combine(To, SmallFiles.Study(number), SmallFiles.Series(number), SmallFiles.Uid(number) + ".dcm");
}
