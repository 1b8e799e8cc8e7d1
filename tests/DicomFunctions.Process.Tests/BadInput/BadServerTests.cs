using System.Net;
using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.BadInput;

/// <summary>A server or a disk that fails makes records that say so, or an error that does, and the process stays up.</summary>
public sealed class BadServerTests
{
    private const string Unreachable = "http://127.0.0.1:1";

    private static readonly string Search = Stores.Request("studies", "");

    private static readonly Dictionary<string, string> Impatient = new()
    {
        ["DicomFunctions__DicomWeb__MaxAttempts"] = "2",
        ["DicomFunctions__DicomWeb__RetryDelay"] = "00:00:00.010",
        ["DicomFunctions__Sources__AllowedRoots__0"] = Path.GetTempPath(),
    };

    [Fact]
    public async Task A_server_that_cannot_be_reached_makes_failed_records()
    {
        using var folder = new TempFolder();
        var file = SmallFiles.Write(folder.Combine("files"), 1)[0];
        await using var serve = await ServeProcess.StartAsync(
            folder.Combine("data"), Impatient, "--base-url", Unreachable, "--store", Stores.Files);

        await AssertFailsAsync(serve, "api/search", $"[{Search},{Search}]", 2, "\"The server refused the connection.\"");
        await AssertFailsAsync(serve, "api/upload", Upload(file, file), 2, "\"The server refused the connection.\"");
    }

    [Fact]
    public async Task A_server_that_answers_with_a_web_page_makes_failed_records()
    {
        using var folder = new TempFolder();
        var file = SmallFiles.Write(folder.Combine("files"), 1)[0];
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetFaultsAsync(Stores.Files, new { answerHtml = true });
        await emulator.SetFaultsAsync(Stores.Rows, new { answerHtml = true });
        await using var serve = await ServeProcess.StartAsync(
            folder.Combine("data"), Impatient, "--base-url", emulator.Url, "--store", Stores.Files);

        await AssertFailsAsync(serve, "api/search", $"[{Search}]", 1, "\"The server answered 200 with text/html, which is not DICOM JSON");
        await AssertFailsAsync(serve, "api/upload", Upload(file), 1, "\"The server answered 200 but did not say it stored the instance.");
    }

    [Fact]
    public async Task A_server_whose_disk_is_full_makes_a_failed_record_with_its_reason()
    {
        using var folder = new TempFolder();
        var file = SmallFiles.Write(folder.Combine("files"), 1)[0];
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetFaultsAsync(Stores.Files, new { diskFull = true });

        var upload = await DicomFn.RunAsync(
            ["upload", "--data", folder.Combine("data"), "--base-url", emulator.Url, "--store", Stores.Files, file], Impatient);

        Assert.Equal(1, upload.ExitCode);
        var record = JsonElement.Parse(Assert.Single(upload.Lines));
        Assert.False(record.GetProperty("success").GetBoolean());
        Assert.NotEmpty(record.GetProperty("error").GetProperty("reason").GetString()!);
    }

    [TinyDiskFact]
    public async Task A_full_disk_of_the_host_refuses_jobs_until_there_is_room_again()
    {
        using var disk = new TinyDisk(kilobytes: 4_096);
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetSyntheticAsync(Stores.Rows, rows: 1, rowBytes: 600);
        await using var serve = await ServeProcess.StartAsync(
            Path.Combine(disk.Path, "data"), Impatient, "--base-url", emulator.Url, "--store", Stores.Files);
        var filler = Path.Combine(disk.Path, "filler");
        Fill(filler);

        using (var content = ServeProcess.Json($"[{string.Join(',', Enumerable.Repeat(Search, 100))}]"))
        using (var answer = await serve.Http.PostAsync("api/search", content))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }

        Assert.False(await serve.IsHealthyAsync());
        var refused = await DicomFn.RunAsync("phantom", Path.Combine(disk.Path, "phantom"), "--slices", "1");
        Assert.Equal(2, refused.ExitCode);
        Assert.DoesNotContain("   at ", refused.Error, StringComparison.Ordinal);

        File.Delete(filler);
        var id = await serve.SubmitAsync("api/search", $"[{Search}]");
        await serve.CompletesAsync(id);
        Assert.True(Assert.Single(await serve.RecordsAsync(id)).GetProperty("success").GetBoolean());
        Assert.True(await serve.IsHealthyAsync());
    }

    [TinyDiskFact]
    public async Task A_job_whose_disk_fills_up_goes_on_once_there_is_room()
    {
        const int Searches = 400;
        using var disk = new TinyDisk(kilobytes: 8_192);
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetSyntheticAsync(Stores.Rows, rows: 1, rowBytes: 600);
        await emulator.SetFaultsAsync(Stores.Rows, new { latency = "00:00:00.020" });
        await using var serve = await ServeProcess.StartAsync(
            Path.Combine(disk.Path, "data"), Impatient, "--base-url", emulator.Url, "--store", Stores.Files);
        var id = await serve.SubmitAsync("api/search", $"[{string.Join(',', Enumerable.Repeat(Search, Searches))}]");
        await Eventually.HoldsAsync(async () => await emulator.CountRequestsAsync() > 20, "the job is under way");
        var filler = Path.Combine(disk.Path, "filler");

        Fill(filler);
        // Worked off, or given up: in either case nothing more is asked of the server.
        var last = -1L;
        await Eventually.HoldsAsync(async () =>
        {
            await Task.Delay(300);
            var now = await emulator.CountRequestsAsync();
            (last, var isQuiet) = (now, now == last);
            return isQuiet;
        }, "the job stands still");
        Assert.False(await serve.IsHealthyAsync());
        File.Delete(filler);
        // It may have been quiet for another reason, and give up only now.
        await Eventually.HoldsAsync(async () =>
        {
            var state = await serve.StateAsync(id);
            if (state is "failed" or "interrupted")
                (await serve.Http.PostAsync($"api/jobs/{id}/resume", content: null)).EnsureSuccessStatusCode();
            return state == "completed";
        }, "the job completes", TimeSpan.FromMinutes(4));

        Assert.Equal(Searches, (await serve.RecordsAsync(id)).Count);
    }

    private static string Upload(params string[] files) =>
        JsonSerializer.Serialize(new { destination = Stores.Files, inputs = files.Select(file => "file:" + file) });

    private static async Task AssertFailsAsync(ServeProcess serve, string path, string json, int count, string status)
    {
        var id = await serve.SubmitAsync(path, json);
        await serve.CompletesAsync(id);
        var records = await serve.RecordsAsync(id);
        Assert.Equal(count, records.Count);
        Assert.All(records, record =>
        {
            Assert.False(record.GetProperty("success").GetBoolean());
            Assert.StartsWith(status, record.GetProperty("status").GetRawText(), StringComparison.Ordinal);
        });
        Assert.True(await serve.IsHealthyAsync());
    }

    private static void Fill(string path)
    {
        using var file = File.Create(path, bufferSize: 1);
        try
        {
            for (var chunk = new byte[4_096]; ;)
                file.Write(chunk);
        }
        catch (IOException)
        {
            // That was the last of it.
        }
    }
}
