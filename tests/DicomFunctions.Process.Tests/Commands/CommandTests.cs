using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary>What <c>dicomfn</c> tells the shell: 0 all well, 1 some inputs failed, 2 it can not be done so, 130 interrupted.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Data => _folder.Combine("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_well_is_0_and_a_failed_input_1()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        var file = SmallFiles.Write(_folder.Combine("files"), 1)[0];
        string[] store = ["--data", Data, "--base-url", emulator.Url, "--store", Stores.Files];

        var good = await DicomFn.RunAsync(["upload", .. store, file]);
        var bad = await DicomFn.RunAsync(["upload", .. store, file, _folder.Combine("none.dcm")]);
        var found = await DicomFn.RunAsync(["search", .. store, "--level", "instances"]);

        Assert.Equal((0, 1), (good.ExitCode, good.Lines.Length));
        Assert.Equal((1, 2), (bad.ExitCode, bad.Lines.Length));
        Assert.Equal((0, 1), (found.ExitCode, found.Lines.Length));
        Assert.Contains(SmallFiles.Uid(0), found.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_become_a_table_on_standard_output_or_in_a_file()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        var file = SmallFiles.Write(_folder.Combine("files"), 1)[0];
        string[] store = ["--data", Data, "--base-url", emulator.Url, "--store", Stores.Files];
        var output = _folder.Combine("out.csv");
        await DicomFn.RunAsync(["upload", .. store, file]);

        var search = await DicomFn.RunAsync(
            ["search", .. store, "-l", "instances", "--format", "csv", "--columns", "SOPInstanceUID,status"]);
        var list = await DicomFn.RunAsync("jobs", "list", "--data", Data);
        var id = JsonDocument.Parse(list.Lines[0]).RootElement.GetProperty("id").GetString()!;
        var csv = await DicomFn.RunAsync("jobs", "results", id, "--data", Data, "-f", "csv", "--columns", "status", "-o", output);
        var table = await File.ReadAllTextAsync(output);
        var parquet = await DicomFn.RunAsync("jobs", "results", id, "--data", Data, "--format", "parquet");
        File.CreateSymbolicLink(_folder.Combine("link"), output);
        var link = await DicomFn.RunAsync(
            "jobs", "results", id, "--data", Data, "-f", "csv", "--columns", "error", "-o", _folder.Combine("link"));
        var device = await DicomFn.RunAsync("jobs", "results", id, "--data", Data, "-f", "csv", "--columns", "status", "-o", "/dev/stdout");

        Assert.Equal((0, $"SOPInstanceUID,status\r\n{SmallFiles.Uid(0)},200\r\n"), (search.ExitCode, search.Output.TrimStart('\ufeff')));
        Assert.Equal((0, "", "status\r\n200\r\n"), (csv.ExitCode, csv.Output, table));
        Assert.Equal([output], Directory.GetFiles(_folder.Path, "out*"));
        Assert.Equal((0, "error\r\n\"\"\r\n"), (link.ExitCode, await File.ReadAllTextAsync(output)));
        Assert.Equal(output, new FileInfo(_folder.Combine("link")).LinkTarget);
        Assert.Equal((0, "status\r\n200\r\n"), (device.ExitCode, device.Output.TrimStart('\ufeff')));
        Assert.Equal((0, "PAR1", "PAR1"), (parquet.ExitCode, parquet.Output[..4], parquet.Output[^4..]));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(64)]
    [InlineData(255)]
    public async Task Too_few_open_files_is_2_and_says_so(int limit)
    {
        await using var serve = DicomFn.Start(["serve", "--data", Data, "--url", "http://127.0.0.1:0"], openFiles: limit);
        await serve.ExitedAsync();

        Assert.Equal(2, serve.ExitCode);
        Assert.Equal($"dicomfn: This process may open only {limit} files; it needs 256. Raise the limit: ulimit -n 256.\n", serve.Error);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("search", "--stroe", "x")]
    [InlineData("search")]
    [InlineData("search", "--base-url", "ftp://x")]
    [InlineData("search", "--store", "../../etc")]
    [InlineData("search", "--store", "projects/p/locations/l/datasets/d/dicomStores/..%2f..")]
    [InlineData("search", "--base-url", "http://127.0.0.1:1", "--input", "/no/such/file")]
    [InlineData("search", "--base-url", "http://127.0.0.1:1", "--max-workers", "0")]
    [InlineData("search", "--base-url", "http://127.0.0.1:1", "nofilter")]
    [InlineData("search", "--base-url", "http://127.0.0.1:1", "--columns", "PatientID")]
    [InlineData("search", "--base-url", "http://127.0.0.1:1", "--format", "csv", "--columns", "Patient")]
    [InlineData("search", "--base-url", "http://127.0.0.1:1", "--format", "parquet", "--raw")]
    [InlineData("upload", "--base-url", "http://127.0.0.1:1")]
    [InlineData("retrieve", "--base-url", "http://127.0.0.1:1")]
    [InlineData("retrieve", "1.2.3")]
    [InlineData("retrieve", "--base-url", "http://127.0.0.1:1", "1.2.x")]
    [InlineData("retrieve", "--base-url", "http://127.0.0.1:1", "1", "2", "3", "4")]
    [InlineData("retrieve", "--base-url", "http://127.0.0.1:1", "--level", "instances", "1", "2")]
    [InlineData("retrieve", "--base-url", "http://127.0.0.1:1", "--level", "patients", "1")]
    [InlineData("retrieve", "--base-url", "http://127.0.0.1:1", "--level", "studies", "projects/p")]
    [InlineData("retrieve", "--base-url", "http://127.0.0.1:1", "1", "--input", "-")]
    [InlineData("retrieve", "--base-url", "http://127.0.0.1:1", "1", "--to", "/tmp", "--type", "metadata")]
    [InlineData("retrieve", "--base-url", "http://127.0.0.1:1", "1", "--to", "/proc/nowhere")]
    [InlineData("jobs", "show", "../../etc/passwd")]
    [InlineData("jobs", "results", "20261122-081653-k3f9x2")]
    [InlineData("jobs", "resume", "20261122-081653-k3f9x2")]
    [InlineData("jobs", "cancel", "..%2f..")]
    [InlineData("serve", "--url", "http://0.0.0.0:0")]
    [InlineData("serve", "--url", "nonsense")]
    [InlineData("serve", "--url", "ftp://127.0.0.1")]
    [InlineData("phantom", "/proc/nowhere")]
    [InlineData("upload", "--data", "/proc/nowhere", "--base-url", "http://127.0.0.1:1", "x")]
    public async Task What_cannot_be_done_so_is_2_and_says_why_in_a_line(params string[] arguments)
    {
        string[] data = arguments.Contains("--data") ? [] : ["--data", Data];

        var run = await DicomFn.RunAsync([.. arguments, .. data]);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith("dicomfn: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Malformed_json_in_a_file_is_told_by_line_and_position()
    {
        var file = _folder.Combine("requests.json");
        await File.WriteAllTextAsync(file, "[{},\n {]");

        var run = await DicomFn.RunAsync("search", "--data", Data, "--base-url", "http://127.0.0.1:1", "--input", file);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Line 2, position 3:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ndjson_line_that_is_no_input_is_one_failed_record_of_every_command()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        var file = SmallFiles.Write(_folder.Combine("files"), 1)[0];
        string[] store = ["--data", Data, "--base-url", emulator.Url, "--store", Stores.Files];
        var parts = Stores.Files.Split('/');
        var request = JsonSerializer.Serialize(new
        {
            project_id = parts[1],
            region = parts[3],
            dataset_id = parts[5],
            dicom_store_id = parts[7],
            search_type = "studies",
        });
        foreach (var (command, good) in new (string[], string)[]
        {
            (["format"], $"\"{Stores.Files}/dicomWeb/studies/1/series/2/instances/3\""),
            (["upload", .. store], $"\"file:{file}\""),
            (["search", .. store], request),
        })
        {
            var input = _folder.Combine("input.ndjson");
            // With a byte order mark, as Windows writes it.
            await File.WriteAllTextAsync(input, $"{good}\r\n[\"b\"]\r\n{good}\r\n", System.Text.Encoding.UTF8);

            var run = await DicomFn.RunAsync([.. command, "--input", input]);

            Assert.Equal(1, run.ExitCode);
            Assert.Equal([true, false, true], run.Lines.Select(line => JsonElement.Parse(line).GetProperty("success").GetBoolean()));
        }
    }

    [Theory]
    [InlineData("gs://bucket/a.dcm")]
    [InlineData("gcs://bucket/a.dcm")]
    [InlineData("GS://bucket/a.dcm")]
    public async Task An_object_of_Cloud_Storage_is_not_taken_for_a_file(string source)
    {
        var settings = new Dictionary<string, string>
        {
            ["DicomFunctions__Sources__GcsBaseUrl"] = "http://127.0.0.1:1",
            ["DicomFunctions__Sources__GcsMaxAttempts"] = "1",
        };

        var run = await DicomFn.RunAsync(["upload", "--data", Data, "--base-url", "http://127.0.0.1:1", source], settings);

        var record = JsonElement.Parse(Assert.Single(run.Lines));
        Assert.Equal(source, record.GetProperty("source").GetString());
        Assert.Equal("unavailable", record.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Malformed_json_after_messages_leaves_the_records_of_those_before_it()
    {
        var file = _folder.Combine("messages.ndjson");
        await File.WriteAllTextAsync(file, "\"a\"\n[\"b\"]\noops\n\"c\"\n");

        var run = await DicomFn.RunAsync("format", "--input", file);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(2, run.Lines.Length);
        Assert.Contains("Line 3, position 1:", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DicomFunctions__Jobs__BufferSize", "0")]
    [InlineData("DicomFunctions__Jobs__BufferSize", "many")]
    [InlineData("DicomFunctions__DicomWeb__BaseUrl", "::")]
    [InlineData("DicomFunctions__Jobs__BuferSize", "8")]
    [InlineData("DicomFunctions__Job", "8")]
    public async Task A_setting_that_is_wrong_or_unknown_is_2_and_named(string name, string value)
    {
        var settings = new Dictionary<string, string> { [name] = value };

        var run = await DicomFn.RunAsync(["search", "--data", Data, "--base-url", "http://127.0.0.1:1"], settings);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(name[(name.LastIndexOf('_') + 1)..], run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_host_on_one_data_directory_is_refused()
    {
        await using var first = await ServeProcess.StartAsync(Data, settings: null);

        var serve = await DicomFn.RunAsync("serve", "--data", Data, "--url", "http://127.0.0.1:0");
        var search = await DicomFn.RunAsync("search", "--data", Data, "--base-url", "http://127.0.0.1:1");
        var list = await DicomFn.RunAsync("jobs", "list", "--data", Data);

        Assert.Equal((2, 2, 0), (serve.ExitCode, search.ExitCode, list.ExitCode));
        Assert.Contains(Data, serve.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", serve.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", search.Error, StringComparison.Ordinal);
        Assert.True(await first.IsHealthyAsync());
    }

    [Fact]
    public async Task An_address_in_use_is_2_and_says_so()
    {
        await using var first = await ServeProcess.StartAsync(Data, settings: null);

        var second = await DicomFn.RunAsync("serve", "--data", _folder.Combine("other"), "--url", first.Http.BaseAddress!.AbsoluteUri);

        Assert.Equal(2, second.ExitCode);
        Assert.DoesNotContain("   at ", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_in_an_upload_is_130_and_the_job_can_be_resumed()
    {
        const int Files = 200;
        await using var emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);
        await emulator.SetFaultsAsync(Stores.Files, new { latency = "00:00:00.050" });
        var paths = SmallFiles.Write(_folder.Combine("files"), Files);
        string[] store = ["--data", Data, "--base-url", emulator.Url, "--store", Stores.Files];
        await using var upload = DicomFn.Start(["upload", .. store, "--buffer-size", "2", _folder.Combine("files")]);
        await Eventually.HoldsAsync(async () => await emulator.CountRequestsAsync() > 5, "the upload is under way");

        await upload.InterruptAsync();
        await upload.ExitedAsync();

        Assert.Equal(130, upload.ExitCode);
        const string Hint = "dicomfn jobs resume ";
        var at = upload.Error.IndexOf(Hint, StringComparison.Ordinal);
        Assert.True(at >= 0, upload.Error);
        Assert.DoesNotContain("   at ", upload.Error, StringComparison.Ordinal);
        var again = upload.Error[(at + Hint.Length)..].Split('\n')[0].Split(' ');
        var id = again[0];
        Assert.Contains($"To prevent that: dicomfn jobs cancel {id} --force --data {Data}\n", upload.Error, StringComparison.Ordinal);
        var stopped = await DicomFn.RunAsync("jobs", "show", id, "--data", Data);
        Assert.Equal("interrupted", JsonElement.Parse(stopped.Output).GetProperty("state").GetString());
        Assert.True(JsonElement.Parse(stopped.Output).GetProperty("progress").GetProperty("done").GetInt32() > 0, stopped.Output);
        Assert.DoesNotContain("--base-url", upload.Error, StringComparison.Ordinal);

        var resumed = await DicomFn.RunAsync(["jobs", "resume", .. again]);
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(
            paths.Select(path => "file:" + path),
            resumed.Lines.Select(line => JsonElement.Parse(line).GetProperty("source").GetString()));
        await SmallFiles.AssertHoldsAsync(emulator, Stores.Files, Files);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_host_well()
    {
        await using var serve = await ServeProcess.StartAsync(Data, settings: null);

        await serve.Process.InterruptAsync();
        await serve.Process.ExitedAsync();

        Assert.Equal(0, serve.Process.ExitCode);
    }

    [Fact]
    public async Task With_an_api_key_every_request_needs_it_but_health()
    {
        var key = _folder.Combine("key");
        await File.WriteAllTextAsync(key, "0123456789abcdef\n");
        await using var serve = await ServeProcess.StartAsync(Data, settings: null, "--api-key-file", key);
        var address = serve.Http.BaseAddress!;

        Assert.Equal(401, await RawHttp.SendAsync(address, "GET", "/api/jobs"));
        Assert.Equal(401, await RawHttp.SendAsync(address, "GET", "/api/jobs", "x-functions-key: 0123456789abcdeF"));
        Assert.Equal(200, await RawHttp.SendAsync(address, "GET", "/api/jobs", "x-functions-key: 0123456789abcdef"));
        Assert.Equal(200, await RawHttp.SendAsync(address, "GET", "/api/jobs?code=0123456789abcdef"));
        Assert.Equal(200, await RawHttp.SendAsync(address, "GET", "/api/health"));
    }
}
