using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

/// <summary>One worker, of which an input waits for its retry: by a clock that stands still until a test lets it go on.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private readonly HashSet<string> _refused = [];
    private CoreHost _host = null!;
    private int _inFlight;
    private int _mostInFlight;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync(_clock, settings: [("DicomWeb:RetryDelay", "00:00:01"), ("DicomWeb:ShortPageIsLast", "true")]);
        _host.Server.Before = async context =>
        {
            _mostInFlight = Math.Max(_mostInFlight, Interlocked.Increment(ref _inFlight));
            try
            {
                return await RefuseAsync(context);
            }
            finally
            {
                Interlocked.Decrement(ref _inFlight);
            }
        };
    }

    public async Task DisposeAsync()
    {
        _refused.Clear();
        var disposed = _host.DisposeAsync().AsTask();
        await Eventually.HoldsAsync(() => TimePasses(disposed), "the host ends");
        await disposed;
    }

    [Theory]
    [InlineData(20)] // Two batches.
    [InlineData(100)]
    public async Task An_input_that_waits_does_not_stop_its_worker_which_sends_one_request_at_a_time(int bufferSize)
    {
        _refused.Add("1.3");
        var id = await SubmitAsync(bufferSize, Enumerable.Range(0, 40).Select(i => Study($"1.{i}")));
        await SentAsync(40);
        Assert.Equal(0, (await _host.Jobs.FindAsync(id, CancellationToken.None))!.Summary?.Inputs ?? 0);
        _refused.Clear();
        var records = await EndAsync(id);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"1.{i}"), records.Select(StudyOf));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i == 3 ? 2 : 1), records.Select(record => (int)record["attempts"]!));
        Assert.All(records, record => Assert.True((bool)record["success"]!));
        Assert.Equal(41, _host.Server.Requests.Count);
        Assert.Equal(1, _mostInFlight);
    }

    [Fact]
    public async Task Long_answers_behind_an_input_that_waits_wait_for_it_and_all_records_are_whole()
    {
        _host.Server.Rows = FakeDicomStore.Instances(8_000);
        _refused.Add("1.0");
        var id = await SubmitAsync(100, [Study("1.0"), CoreHost.SearchJson(), CoreHost.SearchJson(), Study("1.2.7")]);
        await SentAsync(2);
        _refused.Clear();
        var records = await EndAsync(id);
        Assert.Equal([0, 8_000, 8_000, 1], records.Select(record => record["result"]!.AsArray().Count));
        Assert.Equal([2, 1, 1, 1], records.Select(record => (int)record["attempts"]!));
    }

    [Fact]
    public async Task Lookups_whose_shared_request_waits_wait_for_it_and_others_go_on()
    {
        _host.Server.Rows = FakeDicomStore.OneSeries(3);
        _refused.Add("1.1");
        var id = await SubmitAsync(100, [Lookup("1.2.0"), Study("1.8"), Lookup("1.2.2"), Lookup("1.2.5"), Study("1.9")]);
        await SentAsync(3);
        _refused.Clear();
        var records = await EndAsync(id);
        Assert.Equal([1, 0, 1, 0, 0], records.Select(record => record["result"]!.AsArray().Count));
        Assert.Equal([2, 1, null, null, 1], records.Select(record => (int?)record["attempts"]));
        Assert.Equal(4, _host.Server.Requests.Count);
        Assert.Equal(1, _mostInFlight);
    }

    [Fact]
    public async Task Uploads_of_one_instance_do_not_overtake_each_other_others_do()
    {
        // Two batches.
        string[] inputs =
        [
            await _host.PutDicomAsync("drop/a.dcm", "1.2.1", pixel: 1), await _host.PutDicomAsync("drop/b.dcm", "1.2.1", pixel: 2),
            await _host.PutDicomAsync("drop/c.dcm", "1.2.2", pixel: 3), await _host.PutDicomAsync("drop/d.dcm", "1.2.3", pixel: 4),
        ];
        var isRefusing = true;
        _host.Server.OnStow = (context, transaction) =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(isRefusing && transaction.Files.Any(file => file[^1] == 1));
        };
        var id = await _host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Upload, Destination = CoreHost.Store.ToString(), MaxWorkers = 1, BufferSize = 2 },
            CoreHost.Lines(inputs),
            CancellationToken.None);
        await Eventually.HoldsAsync(() => _host.Server.Stored.ContainsKey("1.2.2"), "the other instance is stored");
        isRefusing = false;
        var records = await EndAsync(id);
        Assert.Equal([true, false, true, true], records.Select(record => (bool)record["success"]!));
        Assert.Equal(409, (int)records[1]["status"]!);
        Assert.Equal(1, _host.Server.Stored["1.2.1"][^1]);
    }

    [Fact]
    public async Task A_cancelled_job_gives_an_input_that_waits_the_record_of_its_last_answer()
    {
        _refused.Add("1.1");
        var id = await SubmitAsync(2, [Study("1.0"), Study("1.1"), Study("1.2"), Study("1.3")]);
        await SentAsync(4);
        Assert.Equal(JobActionResult.Done, await _host.Jobs.CancelAsync(id, CancellationToken.None));
        // The clock moves only so that the marker is looked for; sooner than for the retry.
        _clock.Advance(TimeSpan.FromSeconds(1));
        var view = (await _host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!;
        var records = await _host.RecordsAsync(id);
        Assert.Equal(4, _host.Server.Requests.Count);
        // The answer to the last request may just be on its way.
        Assert.InRange(records.Count, 3, 4);
        Assert.Equal(new[] { "1.0", "1.1", "1.2", "1.3" }[..records.Count], records.Select(StudyOf));
        Assert.Equal(new[] { 204, 503, 204, 204 }[..records.Count], records.Select(record => (int)record["status"]!));
        Assert.Equal(4 - records.Count, view.Summary!.NotAttempted);
    }

    private async Task<bool> RefuseAsync(HttpContext context)
    {
        if (!_refused.Contains(context.Request.Query["StudyInstanceUID"].ToString()))
            return false;
        await FakeDicomStore.JsonAsync(context, "{}", 503);
        return true;
    }

    private Task<string> SubmitAsync(int bufferSize, IEnumerable<string> inputs) => _host.Jobs.SubmitAsync(
        new JobSubmission { Kind = JobKind.Search, MaxWorkers = 1, BufferSize = bufferSize }, CoreHost.Lines(inputs),
        CancellationToken.None);

    private Task SentAsync(int requests) =>
        Eventually.HoldsAsync(() => _host.Server.Requests.Count >= requests && _inFlight == 0, $"{requests} requests are sent");

    /// <summary>Lets time pass until the job has ended.</summary>
    private async Task<JobView> EndedAsync(string id)
    {
        var ended = _host.Jobs.WaitAsync(id, CancellationToken.None);
        await Eventually.HoldsAsync(() => TimePasses(ended), "the job ends");
        return (await ended)!;
    }

    /// <summary>Lets some time pass, though not while a request is under way.</summary>
    private bool TimePasses(Task until)
    {
        if (_inFlight == 0)
            _clock.Advance(TimeSpan.FromSeconds(0.1));
        return until.IsCompleted;
    }

    private async Task<List<JsonNode>> EndAsync(string id)
    {
        await EndedAsync(id);
        return await _host.RecordsAsync(id);
    }

    private static string Study(string uid) => CoreHost.SearchJson(parameters: $"{{\"StudyInstanceUID\":\"{uid}\"}}");

    private static string Lookup(string sop) => CoreHost.SearchJson(
        parameters: $"{{\"StudyInstanceUID\":\"1.1\",\"SeriesInstanceUID\":\"1.1.1\",\"SOPInstanceUID\":\"{sop}\"}}");

    private static string StudyOf(JsonNode record) => (string)record["input"]!["params"]!["StudyInstanceUID"]!;
}
