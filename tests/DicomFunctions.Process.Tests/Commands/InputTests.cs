using System.IO.Compression;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary>What users pipe into commands and keep beside their work.</summary>
public sealed class InputTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private EmulatorProcess _emulator = null!;

    public async Task InitializeAsync()
    {
        _emulator = await EmulatorProcess.StartAsync();
        Directory.CreateDirectory(_folder.Combine("in", "sub"));
        await File.WriteAllBytesAsync(_folder.Combine("in", "a b.dcm"), Some.DicomFile(instance: "2.25.1.1"));
        await File.WriteAllBytesAsync(_folder.Combine("in", "sub", "c.dcm"), Some.DicomFile(instance: "2.25.1.2"));
    }

    public async Task DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("find . -name '*.dcm' | sort | dicomfn upload -i - STORE")]
    [InlineData("find . -name '*.dcm' -print0 | sort -z | dicomfn upload -0 -i - STORE")]
    [InlineData("printf 'source\\n\"a b.dcm\"\\nsub/c.dcm\\n' | dicomfn upload --input - STORE")]
    [InlineData("printf '[\"a b.dcm\", \"file:sub/c.dcm\"]' > ../list; dicomfn upload --input ../list STORE")]
    public async Task Lists_of_files_start_from_the_working_directory(string script)
    {
        var run = await RunAsync(script);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(
            [$"file:{_folder.Path}/in/a b.dcm", $"file:{_folder.Path}/in/sub/c.dcm"],
            run.Lines.Select(line => JsonElement.Parse(line).GetProperty("source").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await _emulator.InstancesAsync(Stores.Files)).Count);
    }

    [Fact]
    public async Task A_zip_file_is_uploaded_and_a_file_of_it_that_fails_is_retried_from_it()
    {
        await ZipFile.CreateFromDirectoryAsync(_folder.Combine("in"), _folder.Combine("study.zip"));
        await _emulator.SetFaultsAsync(Stores.Files, new { failFirst = 1, failStatus = 403 });

        var upload = await RunAsync("dicomfn upload -w 1 -b 1 ../study.zip STORE --data ../data");
        await _emulator.ClearFaultsAsync();
        var id = (await RunAsync("dicomfn jobs list --data ../data")).Lines.Select(line => JsonElement.Parse(line)).Single()
            .GetProperty("id").GetString();
        var retry = await RunAsync($"dicomfn jobs retry {id} --data ../data");

        Assert.True(upload.ExitCode == 1, upload.Error);
        Assert.Equal(2, upload.Lines.Length);
        Assert.Contains("/study.zip/sub/c.dcm\"", upload.Output, StringComparison.Ordinal);
        Assert.True(retry.ExitCode == 0, retry.Error);
        Assert.StartsWith($"{{\"source\":\"file:{_folder.Path}/study.zip/", Assert.Single(retry.Lines), StringComparison.Ordinal);
        Assert.Equal(2, (await _emulator.InstancesAsync(Stores.Files)).Count);
    }

    [Fact]
    public async Task A_table_of_searches_needs_only_the_store()
    {
        await RunAsync("dicomfn upload . STORE");

        const string Table = "StudyInstanceUID;search_type\\n2.25.1001;studies\\n2.25.1001;instances\\n9;\\n";

        var run = await RunAsync($"printf '{Table}' | dicomfn search -i - STORE");

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal([1, 2, 0], run.Lines.Select(line => JsonElement.Parse(line).GetProperty("result").GetArrayLength()));
    }

    [Fact]
    public async Task Settings_of_the_working_directory_count_after_the_environment_and_the_command_line()
    {
        await File.WriteAllTextAsync(
            _folder.Combine("in", "dicomfn.json"),
            """{"DicomFunctions":{"DicomWeb":{"BaseUrl":"URL"},"Local":{"DataDirectory":"../kept"},"Jobs":{"MaxWorkers":3}}}"""
                .Replace("URL", _emulator.Url, StringComparison.Ordinal));

        var bare = await RunAsync($"dicomfn search --store {Stores.Files} && dicomfn jobs list");
        var environment = await RunAsync("DicomFunctions__Jobs__MaxWorkers=4 dicomfn search STORE -o json >&2; dicomfn jobs list -n 1");
        var command = await RunAsync("DicomFunctions__Jobs__MaxWorkers=4 dicomfn search STORE -w 7 -o json >&2; dicomfn jobs list -n 1");

        Assert.True(bare.ExitCode == 0, bare.Error);
        Assert.Equal([3, 4, 7], new[] { bare, environment, command }
            .Select(run => JsonElement.Parse(run.Lines[^1]).GetProperty("max_workers").GetInt32()));
        Assert.True(Directory.Exists(_folder.Combine("kept", "jobs")));
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_while_it_is_tried_again()
    {
        await using var search = DicomFn.Start(
            ["search", "--base-url", "http://127.0.0.1:1/v1", "--store", Stores.Files, "--data", _folder.Combine("data")]);

        await Eventually.HoldsAsync(
            () => search.Error.StartsWith(
                "dicomfn: Cannot reach http://127.0.0.1:1: Connection refused. Trying again. Ctrl+C stops.\n", StringComparison.Ordinal),
            "the server is named");
        Assert.False(search.HasExited);
        await search.InterruptAsync();
        await search.ExitedAsync();

        Assert.Equal(130, search.ExitCode);
    }

    [Fact]
    public async Task Missing_credentials_are_one_line_and_no_job()
    {
        var token = _folder.Combine("token");
        await File.WriteAllTextAsync(token, "");

        var run = await DicomFn.RunAsync("search", "--store", Stores.Files, "--token-file", token, "--data", _folder.Combine("data"));

        Assert.Equal((2, $"dicomfn: --token-file {token}: The bearer token file holds no valid token.\n"), (run.ExitCode, run.Error));
        Assert.Empty((await DicomFn.RunAsync("jobs", "list", "--data", _folder.Combine("data"))).Lines);
    }

    private Task<Finished> RunAsync(string script)
    {
        var data = File.Exists(_folder.Combine("in", "dicomfn.json")) || script.Contains("--data", StringComparison.Ordinal)
            ? ""
            : " --data ../data";
        return Shell.RunAsync(
            "bash",
            _folder.Combine("in"),
            script.Replace("STORE", $"--base-url {_emulator.Url} --store {Stores.Files}{data}", StringComparison.Ordinal));
    }
}
