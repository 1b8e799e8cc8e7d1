using System.IO.Compression;
using System.Text;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Local.Cli;
using DicomFunctions.Local.Engine;
using DicomFunctions.Local.Hosting;
using DicomFunctions.Local.Tests.Support;
using DicomFunctions.Local.Usage;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Cli;

/// <summary>A command that runs jobs in a data directory.</summary>
public sealed class JobSessionTests
{
    private static readonly JobSubmission Upload = new() { Kind = JobKind.Upload, Destination = Host.Store, MaxWorkers = 1 };

    [Fact]
    public async Task Without_credentials_nothing_is_submitted_and_the_option_is_named()
    {
        await using var host = await Host.StartAsync();
        var token = host.Write("token", []);
        var settings = host.Settings;
        settings["DicomFunctions:Authorization:Mode"] = "Bearer";
        settings["DicomFunctions:Authorization:BearerTokenFile"] = token;
        await using var jobs = await JobSession.OpenAsync(settings, _ => false, CancellationToken.None);

        var failure = await Assert.ThrowsAsync<CommandFailedException>(
            () => jobs.SubmitAsync(Upload, Lines("file:/no/such.dcm"), CancellationToken.None));

        Assert.Equal($"--token-file {token}: The bearer token file holds no valid token.", failure.Message);
        Assert.Empty(await jobs.ListAsync([], [], CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task The_first_failed_input_ends_a_job_that_fails_fast()
    {
        await using var host = await Host.StartAsync();
        var good = host.Write("good.dcm", Some.DicomFile());
        var bad = host.Write("bad.dcm", "not DICOM"u8.ToArray());
        await using var jobs = await JobSession.OpenAsync(host.Settings, _ => false, CancellationToken.None);

        var job = await RunAsync(jobs, Upload with { FailsFast = true }, [good, good, bad, .. Enumerable.Repeat(good, 97)]);

        Assert.Equal(JobStatus.Cancelled, job.State);
        Assert.Equal((2L, 1L, 97L), (job.Progress.Succeeded, job.Progress.Failed, job.Progress.NotAttempted));
    }

    [Fact]
    public async Task A_search_that_fails_ends_a_job_that_fails_fast()
    {
        await using var host = await Host.StartAsync();
        await using var jobs = await JobSession.OpenAsync(host.Settings, _ => false, CancellationToken.None);
        var submission = new JobSubmission { Kind = JobKind.Search, MaxWorkers = 1, FailsFast = true };

        var id = await jobs.SubmitAsync(submission, Enumerable.Repeat("{}", 50).Select(Json).ToAsyncEnumerable(), CancellationToken.None);
        await jobs.WaitAsync(id, CancellationToken.None).InTime();
        var job = await jobs.FindAsync(id, CancellationToken.None);

        Assert.Equal((JobStatus.Cancelled, 1L, 49L), (job!.State, job.Progress.Failed, job.Progress.NotAttempted));
    }

    [Fact]
    public async Task If_only_the_last_input_fails_the_job_is_complete()
    {
        await using var host = await Host.StartAsync();
        var good = host.Write("good.dcm", Some.DicomFile());
        await using var jobs = await JobSession.OpenAsync(host.Settings, _ => false, CancellationToken.None);

        var job = await RunAsync(jobs, Upload with { FailsFast = true }, [good, "/no/such.dcm"]);

        Assert.Equal((JobStatus.Completed, 1L), (job.State, job.Progress.Failed));
    }

    [Fact]
    public async Task A_job_of_a_folder_expands_the_zip_files_in_it()
    {
        await using var host = await Host.StartAsync();
        var folder = Path.GetDirectoryName(host.Write("a.dcm", Some.DicomFile(instance: "2.25.1.1")))!;
        await using (var zip = await ZipFile.OpenAsync(Path.Combine(folder, "a.zip"), ZipArchiveMode.Create))
        {
            await using var entry = await zip.CreateEntry("b.dcm").OpenAsync();
            await entry.WriteAsync(Some.DicomFile(instance: "2.25.1.2"));
        }

        await using var jobs = await JobSession.OpenAsync(host.Settings, _ => false, CancellationToken.None);
        var job = await RunAsync(jobs, Upload, [$"{folder}/*.*"]);

        Assert.Equal((JobStatus.Completed, 2L, 0L), (job.State, job.Progress.Succeeded, job.Progress.Failed));
    }

    [Fact]
    public async Task Old_jobs_are_removed_once_a_day()
    {
        await using var host = await Host.StartAsync();
        await using var jobs = await JobSession.OpenAsync(host.Settings, _ => false, CancellationToken.None);
        var old = Path.Combine(host.Data, "jobs", "20200102", "20200102-030405-000001", "input.ndjson");
        var marker = Path.Combine(host.Data, DailyRetention.MarkerName);

        await FinishWithOldAsync();
        Assert.False(File.Exists(old));
        Assert.True(File.Exists(marker));

        await FinishWithOldAsync();
        Assert.True(File.Exists(old));

        File.SetLastWriteTimeUtc(marker, DateTime.UtcNow.AddDays(-2));
        await FinishWithOldAsync();
        Assert.False(File.Exists(old));

        async Task FinishWithOldAsync()
        {
            Directory.CreateDirectory(Path.GetDirectoryName(old)!);
            await File.WriteAllTextAsync(old, "{}\n");
            await jobs.FinishAsync(CancellationToken.None).InTime();
        }
    }

    [Fact]
    public async Task A_directory_that_is_served_says_where()
    {
        await using var host = await Host.StartAsync();
        await using var jobs = await JobSession.OpenAsync(host.Settings, _ => false, CancellationToken.None);
        DataDirectoryLock.Announce(Path.Combine(host.Data, ".engine"), "http://127.0.0.1:7071");

        var refused = await Assert.ThrowsAsync<DataDirectoryInUseException>(
            () => JobSession.OpenAsync(host.Settings, _ => false, CancellationToken.None));
        await using var reader = await JobSession.OpenToReadAsync(host.Settings, CancellationToken.None);
        var failure = await Assert.ThrowsAsync<CommandFailedException>(
            () => reader.DeleteAsync("20261122-081653-k3f9x2", withFiles: false, CancellationToken.None));

        Assert.Equal("http://127.0.0.1:7071", refused.Address);
        Assert.Contains($"in use by process {Environment.ProcessId}.", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("Let it do this: add --server http://127.0.0.1:7071", failure.Message, StringComparison.Ordinal);
    }

    private static ReadOnlyMemory<byte> Json(string json) => Encoding.UTF8.GetBytes(json);

    private static IAsyncEnumerable<ReadOnlyMemory<byte>> Lines(params string[] sources) =>
        sources.Select(source => Json($"\"{source}\"")).ToAsyncEnumerable();

    private static async Task<JobView> RunAsync(JobSession jobs, JobSubmission submission, string[] files)
    {
        var id = await jobs.SubmitAsync(submission, Lines([.. files.Select(file => $"file:{file}")]), CancellationToken.None);
        await jobs.WaitAsync(id, CancellationToken.None).InTime();
        return (await jobs.FindAsync(id, CancellationToken.None))!;
    }
}
