using System.Text.Json;
using System.Text.Json.Nodes;
using DicomFunctions.Process.Tests.Support;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Commands;

/// <summary>A job goes on where it was meant to go, whatever is typed and whichever build made it.</summary>
public sealed class ResumeTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private EmulatorProcess _emulator = null!;

    private string Data => _folder.Combine("data");

    private string Root => $"{_emulator.Url}/{Stores.Files}/dicomWeb";

    public async Task InitializeAsync() => _emulator = await EmulatorProcess.StartAsync("--store", Stores.Files);

    public async Task DisposeAsync()
    {
        await _emulator.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_upload_to_a_DICOMweb_root_is_interrupted_shows_what_was_done_and_resumes_as_README_says()
    {
        const int Files = 60;
        Assert.Contains(
            "`dicomfn jobs resume ID` continues the job",
            await File.ReadAllTextAsync(Repository.Path("README.md")),
            StringComparison.Ordinal);
        await _emulator.SetFaultsAsync(Stores.Files, new { latency = "00:00:00.050" });
        var paths = SmallFiles.Write(_folder.Combine("files"), Files);
        await using var upload = DicomFn.Start(
            ["upload", "--data", Data, "--base-url", Root, "-b", "1", "-w", "2", _folder.Combine("files")]);
        await Eventually.HoldsAsync(async () => await _emulator.CountRequestsAsync() > 9, "the upload is under way");
        await upload.InterruptAsync();
        await upload.ExitedAsync();
        Assert.Equal(130, upload.ExitCode);
        var id = JobId();

        var progress = (await ShowAsync(id)).GetProperty("progress");
        Assert.Equal(Files, progress.GetProperty("total").GetInt32());
        Assert.InRange(progress.GetProperty("done").GetInt32(), 5, Files - 1);

        var resumed = await DicomFn.RunAsync("jobs", "resume", id, "--data", Data);

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(
            paths.Select(path => ("file:" + path, true)),
            resumed.Lines.Select(line => JsonElement.Parse(line))
                .Select(record => (record.GetProperty("source").GetString()!, record.GetProperty("success").GetBoolean())));
        await SmallFiles.AssertHoldsAsync(_emulator, Stores.Files, Files);
    }

    [Theory]
    [InlineData(true, "none")]
    [InlineData(false, "none")]
    [InlineData(true, "same")]
    [InlineData(false, "same")]
    [InlineData(true, "same, of an earlier build")]
    [InlineData(false, "same, of an earlier build")]
    [InlineData(true, "environment")]
    [InlineData(false, "environment")]
    public async Task A_job_resumes_on_its_own_server(bool isRoot, string named)
    {
        var url = isRoot ? Root : _emulator.Url;
        var id = await InterruptedSearchAsync(url, isRoot, named.Contains("earlier", StringComparison.Ordinal));
        string[] options = named.StartsWith("same", StringComparison.Ordinal) ? ["--base-url", url] : [];
        var settings = named == "environment"
            ? new Dictionary<string, string>
            {
                [isRoot ? "DicomFunctions__DicomWeb__ServiceRoot" : "DicomFunctions__DicomWeb__BaseUrl"] = url,
                ["DicomFunctions__Authorization__Mode"] = "None",
            }
            : null;

        var resumed = await DicomFn.RunAsync(["jobs", "resume", id, "--data", Data, .. options], settings);

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(204, JsonElement.Parse(Assert.Single(resumed.Lines)).GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("--base-url", "http://127.0.0.1:1/v1")]
    [InlineData("--base-url", "ROOT", "--store", Stores.Files)]
    [InlineData("ServiceRoot", "http://127.0.0.1:1/v1")]
    [InlineData("BaseUrl", "ROOT")]
    public async Task Another_server_than_the_jobs_is_refused_before_anything_is_sent(params string[] named)
    {
        var id = await InterruptedSearchAsync(Root, isRoot: true, isOfEarlierBuild: false);
        var requests = await _emulator.CountRequestsAsync();
        named = [.. named.Select(word => word == "ROOT" ? Root : word)];
        var settings = named[0].StartsWith('-')
            ? null
            : new Dictionary<string, string> { ["DicomFunctions__DicomWeb__" + named[0]] = named[1] };

        foreach (var command in new[] { "resume", "retry" })
        {
            var refused = await DicomFn.RunAsync(["jobs", command, id, "--data", Data, .. settings is null ? named : []], settings);

            Assert.Equal((2, ""), (refused.ExitCode, refused.Output));
            Assert.Contains($"The job is for {Root} (a DICOMweb root), not ", refused.Error, StringComparison.Ordinal);
            Assert.Contains("the job knows its server", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(requests, await _emulator.CountRequestsAsync());
    }

    [Fact]
    public async Task A_job_of_an_earlier_build_whose_address_is_not_known_asks_for_it()
    {
        var id = await InterruptedSearchAsync(Root, isRoot: true, isOfEarlierBuild: true);

        var refused = await DicomFn.RunAsync("jobs", "resume", id, "--data", Data);

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("give it with --base-url", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_retried_on_its_own_server_without_options()
    {
        // Nobody listens on port 1: the search fails, and its job has a failed record.
        var search = await DicomFn.RunAsync(
            ["search", "--data", Data, "--base-url", "http://127.0.0.1:1/dicom-web"],
            new Dictionary<string, string> { ["DicomFunctions__DicomWeb__MaxAttempts"] = "1" });
        Assert.Equal(1, search.ExitCode);
        var id = JobId();

        var retried = await DicomFn.RunAsync(
            ["jobs", "retry", id, "--data", Data], new Dictionary<string, string> { ["DicomFunctions__DicomWeb__MaxAttempts"] = "1" });

        Assert.Equal(1, retried.ExitCode);
        Assert.Single(retried.Lines);
        var listed = await DicomFn.RunAsync("jobs", "list", "--data", Data);
        Assert.All(
            listed.Lines,
            line => Assert.Equal("http://127.0.0.1:1/dicom-web", JsonElement.Parse(line).GetProperty("service_root").GetString()));
    }

    /// <summary>A search that has lost its records and its end, as if its host had died before the first were committed.</summary>
    private async Task<string> InterruptedSearchAsync(string url, bool isRoot, bool isOfEarlierBuild)
    {
        string[] store = isRoot ? [] : ["--store", Stores.Files];
        var search = await DicomFn.RunAsync(["search", "--data", Data, "--base-url", url, .. store, "PatientID=none"]);
        Assert.True(search.ExitCode == 0, search.Error);
        var folder = JobFolder();
        File.Delete(Path.Combine(folder, "summary.json"));
        File.Delete(Path.Combine(folder, "checkpoint.json"));
        Directory.Delete(Path.Combine(folder, "results"), recursive: true);
        if (isOfEarlierBuild)
        {
            var file = Path.Combine(folder, "job.json");
            var spec = JsonNode.Parse(await File.ReadAllTextAsync(file))!.AsObject();
            spec.Remove("base_url");
            spec.Remove("service_root");
            spec["server"] = "localhost";
            await File.WriteAllTextAsync(file, spec.ToJsonString());
        }

        return Path.GetFileName(folder);
    }

    private string JobFolder() =>
        Assert.Single(Directory.GetDirectories(Assert.Single(Directory.GetDirectories(Path.Combine(Data, "jobs")))));

    private string JobId() => Path.GetFileName(JobFolder());

    private async Task<JsonElement> ShowAsync(string id) =>
        JsonElement.Parse((await DicomFn.RunAsync("jobs", "show", id, "--data", Data)).Output);
}
