using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Api;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Local.Remote;
using DicomFunctions.Local.Tests.Support;
using DicomFunctions.Local.Usage;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Remote;

/// <summary>The jobs of a host that serves, as a command with <c>--server</c> sees them.</summary>
public sealed class RemoteJobsTests : IAsyncLifetime
{
    private static readonly ResultsQuery Ndjson = new(ResultFormat.Ndjson, [], IsRaw: false);

    private Host _host = null!;
    private RemoteJobs _jobs = null!;

    public async Task InitializeAsync()
    {
        _host = await Host.ServeAsync();
        _jobs = RemoteJobs.Open(_host.Server, _host.WriteKey(Host.Key), mayBePlain: false);
    }

    public async Task DisposeAsync()
    {
        await _jobs.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_job_is_submitted_watched_read_listed_retried_and_deleted()
    {
        var id = await _jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search, BufferSize = 3, MaxWorkers = 2 },
            Inputs(Search("studies"), Search("nonsense")),
            CancellationToken.None);
        await _jobs.WaitAsync(id, CancellationToken.None).InTime();

        var job = await _jobs.FindAsync(id, CancellationToken.None);
        Assert.Equal((JobStatus.Completed, 3, 2, 1L), (job!.State, job.BufferSize, job.MaxWorkers, job.Progress.Failed));
        Assert.Equal([true, false], (await RecordsAsync(id, RecordFilter.All)).Select(record => (bool)record["success"]!));
        Assert.Single(await RecordsAsync(id, new RecordFilter { Success = false, Count = 5 }));

        var retry = await _jobs.RetryAsync(id, CancellationToken.None);
        await _jobs.WaitAsync(retry, CancellationToken.None).InTime();
        Assert.Equal([retry, id], await IdsAsync([], []));
        Assert.Equal([retry, id], await IdsAsync([JobStatus.Completed, JobStatus.Failed], [JobKind.Search]));
        Assert.Empty(await IdsAsync([], [JobKind.Upload]));

        Assert.Equal("The job is not running.", await RefusalAsync(() => _jobs.CancelAsync(id, isForced: false, CancellationToken.None)));
        Assert.Equal(0, await _jobs.PruneAsync(TimeSpan.FromHours(1), CancellationToken.None));
        await _jobs.DeleteAsync(id, withFiles: false, CancellationToken.None);
        Assert.Equal("There is no such job.", await RefusalAsync(() => _jobs.FindAsync(id, CancellationToken.None)));
        Assert.Equal([retry], await IdsAsync([], []));
    }

    [Fact]
    public async Task Files_are_sent_and_those_that_cannot_be_read_are_left_out()
    {
        var first = _host.Write("first.dcm", Some.DicomFile(instance: "2.25.1.1"));
        var second = _host.Write("second.dcm", Some.DicomFile(instance: "2.25.1.2"));
        using var content = new UploadContent(
            [new($"file:{first}"), new("file:/no/such.dcm"), new($"file:{second}")], Local.Inputs.LocalFiles.Files);

        var id = await _jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Upload, Destination = Host.Store }, content, CancellationToken.None);
        await _jobs.WaitAsync(id, CancellationToken.None).InTime();

        Assert.Equal(1, Assert.Single(content.Problems).Key);
        Assert.Equal(
            ["2.25.1.1", "2.25.1.2"],
            (await RecordsAsync(id, RecordFilter.All)).Select(record => (string)record["instance"]!["sop_instance_uid"]!));
    }

    [Fact]
    public async Task Files_that_are_all_missing_make_no_job()
    {
        using var content = new UploadContent([new("file:/no/such.dcm")], Local.Inputs.LocalFiles.Files);

        await RefusalAsync(() => _jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Upload, Destination = Host.Store }, content, CancellationToken.None));

        Assert.Single(content.Problems);
        Assert.Empty(await IdsAsync([], []));
    }

    [Fact]
    public async Task Inputs_that_are_invalid_are_told_as_they_would_be_here()
    {
        static async IAsyncEnumerable<ReadOnlyMemory<byte>> Broken()
        {
            yield return Search("studies");
            await Task.Yield();
            throw new UsageException("Line 2 is wrong.");
        }

        Assert.Equal("Line 2 is wrong.", (await Assert.ThrowsAsync<UsageException>(
            () => _jobs.SubmitAsync(new JobSubmission { Kind = JobKind.Search }, Broken(), CancellationToken.None))).Message);
        Assert.Empty(await IdsAsync([], []));
    }

    [Fact]
    public async Task A_refused_or_missing_key_names_its_option_and_is_not_shown()
    {
        await using var wrong = RemoteJobs.Open(_host.Server, _host.Write("wrong", "not-the-right-key"u8.ToArray()), mayBePlain: false);
        await using var none = RemoteJobs.Open(_host.Server, keyFile: null, mayBePlain: false);

        var refused = await RefusalAsync(() => wrong.FindAsync("20261122-081653-k3f9x2", CancellationToken.None));
        Assert.EndsWith("refused the API key in the file of --api-key-file.", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-right-key", refused, StringComparison.Ordinal);
        Assert.EndsWith(
            "needs an API key: give the file that holds it with --api-key-file.",
            await RefusalAsync(() => none.FindAsync("20261122-081653-k3f9x2", CancellationToken.None)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://10.0.0.5:7071", false, true)]
    [InlineData("http://localhost.example.com", false, true)]
    [InlineData("http://10.0.0.5:7071", true, false)]
    [InlineData("http://localhost:7071", false, false)]
    [InlineData("http://[::1]:7071", false, false)]
    [InlineData("https://app.azurewebsites.net", false, false)]
    public async Task Plain_http_leaves_this_machine_only_if_it_is_told_to(string server, bool mayBePlain, bool isRefused)
    {
        var failure = await Record.ExceptionAsync(async () =>
        {
            await using var jobs = RemoteJobs.Open(new Uri(server), keyFile: null, mayBePlain);
        });

        Assert.Equal(isRefused ? typeof(CommandFailedException) : null, failure?.GetType());
    }

    [Theory]
    [InlineData("")]
    [InlineData("two lines\nof text")]
    [InlineData("schlüssel")]
    public void A_file_that_holds_no_key_is_refused(string content) =>
        Assert.StartsWith(
            "--api-key-file: ",
            Assert.Throws<CommandFailedException>(
                () => RemoteJobs.Open(_host.Server, _host.Write("bad", Encoding.UTF8.GetBytes(content)), mayBePlain: false)).Message,
            StringComparison.Ordinal);

    private static ReadOnlyMemory<byte> Search(string type) => Encoding.UTF8.GetBytes(
        $$"""{"project_id":"p","region":"l","dataset_id":"d","dicom_store_id":"s","search_type":"{{type}}"}""");

    private static IAsyncEnumerable<ReadOnlyMemory<byte>> Inputs(params ReadOnlyMemory<byte>[] inputs) => inputs.ToAsyncEnumerable();

    private static async Task<string> RefusalAsync(Func<Task> action) =>
        (await Assert.ThrowsAsync<CommandFailedException>(action)).Message;

    private async Task<List<string>> IdsAsync(JobStatus[] states, JobKind[] kinds) =>
        await _jobs.ListAsync(states, kinds, CancellationToken.None).Select(job => job.Id).ToListAsync();

    private async Task<List<JsonNode>> RecordsAsync(string id, RecordFilter filter)
    {
        using var output = new MemoryStream();
        await _jobs.CopyResultsAsync(id, filter, Ndjson, output, CancellationToken.None);
        return [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!)];
    }
}
