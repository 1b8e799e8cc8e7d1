using System.Text.Json;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary><c>dicomfn jobs</c>: what is listed, watched, cancelled and pruned.</summary>
public sealed class JobsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string[] Data => ["--data", _folder.Combine("data")];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_keeps_jobs_of_a_state_and_a_kind()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        string[] store = [.. Data, "--base-url", emulator.Url, "--store", Stores.Files];
        await DicomFn.RunAsync(["search", .. store]);
        await DicomFn.RunAsync(["upload", .. store, _folder.Combine("none.dcm")]);

        Assert.Equal(["upload", "search"], await KindsAsync());
        Assert.Equal(["search"], await KindsAsync("--kind", "search"));
        Assert.Equal(["upload", "search"], await KindsAsync("--kind", "search", "--kind", "upload", "--state", "completed"));
        Assert.Empty(await KindsAsync("--state", "failed"));
        var refused = await DicomFn.RunAsync(["jobs", "list", .. Data, "--state", "done"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--state must be one of pending, running, ", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_of_another_process_is_watched_to_its_end_and_cancelled()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        await emulator.SetSyntheticAsync(Stores.Rows, rows: 1, rowBytes: 300);
        await emulator.SetFaultsAsync(Stores.Rows, new { latency = "00:00:00.200" });
        await using var serve = await ServeProcess.StartAsync(
            _folder.Combine("data"), new Dictionary<string, string>(), "--base-url", emulator.Url, "--store", Stores.Rows);
        var requests = string.Join(
            ',', Enumerable.Range(0, 1_000).Select(i => Stores.Request("studies", $"\"StudyInstanceUID\":\"1.{i}\"")));
        var job = await serve.SubmitAsync("api/search", $"[{requests}]");

        await using var watch = DicomFn.Start(["jobs", "watch", job, .. Data]);
        await Eventually.HoldsAsync(async () => await serve.StateAsync(job) == "running", "the job runs");
        var cancel = await DicomFn.RunAsync(["jobs", "cancel", job, .. Data]);
        await watch.ExitedAsync();
        var again = await DicomFn.RunAsync(["jobs", "cancel", job, .. Data]);

        Assert.Equal((0, ""), (cancel.ExitCode, cancel.Output));
        Assert.Equal($"Job {job} is asked to stop. The process that runs it does so within seconds.\n", cancel.Error);
        Assert.Equal(1, watch.ExitCode);
        Assert.Contains($"{job} cancelled: ", watch.Error, StringComparison.Ordinal);
        Assert.Equal((2, "dicomfn: The job is not running: it is cancelled.\n"), (again.ExitCode, again.Error));
    }

    [Fact]
    public async Task Prune_deletes_what_ended_longer_ago_than_is_said()
    {
        await using var emulator = await EmulatorProcess.StartAsync();
        await DicomFn.RunAsync(["search", .. Data, "--base-url", emulator.Url, "--store", Stores.Files]);
        var day = Directory.CreateDirectory(Path.Combine(_folder.Combine("data"), "jobs", "20200101"));
        var old = day.CreateSubdirectory("20200101-000000-000000");
        var job = Directory.GetFiles(Path.Combine(_folder.Combine("data"), "jobs"), "job.json", SearchOption.AllDirectories).Single();
        var id = Path.GetFileName(Path.GetDirectoryName(job)!);
        foreach (var name in (string[])["job.json", "summary.json"])
        {
            var text = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(job)!, name));
            text = text.Replace(id, old.Name, StringComparison.Ordinal)
                .Replace($"{DateTime.UtcNow.Year}-", "2020-", StringComparison.Ordinal);
            await File.WriteAllTextAsync(Path.Combine(old.FullName, name), text);
        }

        Assert.Equal(2, (await DicomFn.RunAsync(["jobs", "prune", .. Data, "--older-than", "30"])).ExitCode);
        var prune = await DicomFn.RunAsync(["jobs", "prune", .. Data, "--older-than", "2d"]);
        var again = await DicomFn.RunAsync(["jobs", "prune", .. Data]);

        Assert.Equal((0, "Jobs deleted: 1.\n"), (prune.ExitCode, prune.Error));
        Assert.Equal((0, "Jobs deleted: 0.\n"), (again.ExitCode, again.Error));
        Assert.True(File.Exists(job));
        Assert.False(Directory.Exists(old.FullName));
    }

    private async Task<List<string>> KindsAsync(params string[] options)
    {
        var list = await DicomFn.RunAsync(["jobs", "list", .. Data, .. options]);
        Assert.True(list.ExitCode == 0, list.Error);
        return [.. list.Lines.Select(line => JsonElement.Parse(line).GetProperty("kind").GetString()!)];
    }
}
