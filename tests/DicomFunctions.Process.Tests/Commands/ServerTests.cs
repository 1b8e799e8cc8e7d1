using System.IO.Compression;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary><c>--server</c>: the same commands, while <c>serve</c> has the directory.</summary>
public sealed class ServerTests : IDisposable
{
    private const string Key = "0123456789abcdef";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_command_works_with_the_jobs_of_a_host_that_serves()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        var key = _folder.Combine("key");
        await File.WriteAllTextAsync(key, Key);
        await using var serve = await ServeProcess.StartAsync(
            _folder.Combine("data"), settings: null, "--api-key-file", key, "--base-url", emulator.Url, "--store", Stores.Archive);
        var address = serve.Http.BaseAddress!.AbsoluteUri.TrimEnd('/');
        string[] server = ["--server", address, "--api-key-file", key];
        string[] store = [.. server, "--store", Stores.Files];
        await FillAsync();

        // The directory is taken, which the error says, and how to go on.
        var locked = await DicomFn.RunAsync(
            "search", "--data", _folder.Combine("data"), "--base-url", emulator.Url, "--store", Stores.Files);
        Assert.Equal(2, locked.ExitCode);
        Assert.EndsWith($"Or let it do this: add --server {address}\n", locked.Error, StringComparison.Ordinal);

        var upload = await DicomFn.RunAsync(["upload", .. store, _folder.Combine("files"), _folder.Combine("none.dcm")]);
        Assert.Equal(1, upload.ExitCode);
        var records = upload.Lines.Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(
            [
                ("files/a.dcm", true), ("files/more.zip/b.dcm", true), ("files/more.zip/readme.txt", false), ("files/z.dcm", true),
                ("none.dcm", false),
            ],
            records.Select(record => (
                record.GetProperty("source").GetString()![$"file:{_folder.Path}/".Length..], record.GetProperty("success").GetBoolean())));
        Assert.Contains("Passed over: 1 DICOMDIR.\n", upload.Error, StringComparison.Ordinal);
        var none = Path.GetRelativePath(Path.GetTempPath(), _folder.Combine("none.dcm"));
        Assert.Contains($"  not_found  1 input {none}: There is no such file.\n", upload.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await emulator.InstancesAsync(Stores.Files)).Count);

        var search = await DicomFn.RunAsync(["search", .. store, "--level", "instances"]);
        Assert.True(search.ExitCode == 0, search.Error);
        Assert.Equal(3, JsonElement.Parse(search.Output).GetProperty("result").GetArrayLength());

        var retrieve = await DicomFn.RunAsync(["retrieve", .. store, Some.StudyUid, "--type", "instances", "--output", "json"]);
        Assert.True(retrieve.ExitCode == 0, retrieve.Error);
        Assert.Equal(3, JsonElement.Parse(retrieve.Output).GetProperty("result").GetArrayLength());

        var format = await DicomFn.RunAsync(["format", .. server, $"{Stores.Files}/dicomWeb/studies/1.2/series/3.4/instances/5.6"]);
        Assert.True(format.ExitCode == 0, format.Error);

        var list = await DicomFn.RunAsync(["jobs", "list", .. server]);
        Assert.Equal(
            ["retrieve", "search", "upload"], list.Lines.Select(line => JsonElement.Parse(line).GetProperty("kind").GetString()));
        var id = JsonElement.Parse(list.Lines[2]).GetProperty("id").GetString()!;
        Assert.Equal(4, (await DicomFn.RunAsync(["jobs", "results", .. server, id])).Lines.Length);
        var show = await DicomFn.RunAsync(["jobs", "show", .. server, id, "-o", "table"]);
        Assert.Contains("completed", show.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await DicomFn.RunAsync(["jobs", "watch", .. server, id])).ExitCode);
        Assert.Equal(
            (2, "dicomfn: The job is not running.\n"), Said(await DicomFn.RunAsync(["jobs", "cancel", .. server, id])));
        Assert.Equal(1, (await DicomFn.RunAsync(["jobs", "retry", .. server, id])).ExitCode);
        Assert.Equal((0, ""), Said(await DicomFn.RunAsync(["jobs", "delete", .. server, id])));
        Assert.Equal((2, "dicomfn: There is no such job.\n"), Said(await DicomFn.RunAsync(["jobs", "show", .. server, id])));
        Assert.Equal((0, "Jobs deleted: 0.\n"), Said(await DicomFn.RunAsync(["jobs", "prune", .. server, "--older-than", "1h"])));

        foreach (var run in new[] { locked, upload, search, retrieve, list })
            Assert.DoesNotContain(Key, run.Output + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, serve.Process.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search limit=1 --server http://127.0.0.1:1 --data x", "With --server, its own settings count: leave out --data.", true)]
    [InlineData("jobs list --api-key-file x", "--api-key-file and --allow-http go with --server.", true)]
    [InlineData(
        "jobs list --server http://10.0.0.5:7071",
        "--server http://10.0.0.5:7071/: on plain http, whoever is in between can read the key and patient data. Use https or, on a "
            + "network you trust, --allow-http.",
        false)]
    public async Task Options_that_do_not_go_together_are_refused_before_anything_is_sent(string line, string message, bool isUsage)
    {
        var store = line.StartsWith("search", StringComparison.Ordinal) ? new[] { "--store", Stores.Files } : [];

        var run = await DicomFn.RunAsync([.. line.Split(' '), .. store], settings: null);

        var help = isUsage ? $"Run 'dicomfn {(store.Length > 0 ? "search" : "jobs list")} --help'.\n" : "";
        Assert.Equal((2, $"dicomfn: {message}\n{help}"), Said(run));
    }

    private static (int ExitCode, string Error) Said(Finished run) => (run.ExitCode, run.Error);

    private async Task FillAsync()
    {
        Directory.CreateDirectory(_folder.Combine("files"));
        await File.WriteAllBytesAsync(_folder.Combine("files", "a.dcm"), Some.DicomFile(instance: "2.25.1.1"));
        await File.WriteAllBytesAsync(_folder.Combine("files", "z.dcm"), Some.DicomFile(instance: "2.25.1.3"));
        await File.WriteAllBytesAsync(_folder.Combine("files", "DICOMDIR"), [1]);
        await using var zip = await ZipFile.OpenAsync(_folder.Combine("files", "more.zip"), ZipArchiveMode.Create);
        foreach (var (name, content) in new[] { ("b.dcm", Some.DicomFile(instance: "2.25.1.2")), ("readme.txt", "no DICOM"u8.ToArray()) })
        {
            await using var entry = await zip.CreateEntry(name).OpenAsync();
            await entry.WriteAsync(content);
        }
    }
}
