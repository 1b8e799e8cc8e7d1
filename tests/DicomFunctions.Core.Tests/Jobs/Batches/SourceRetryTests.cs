using System.Text.Json.Nodes;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Tests.Sources.Gcs;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Batches;

/// <summary>
/// One worker uploads a file whose request waits a second or two for its next attempt, and one of Cloud Storage, which asks for 20 s.
/// </summary>
public sealed class SourceRetryTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private readonly CountingHandler _sent = new();
    private FakeGcs _gcs = null!;
    private CoreHost _host = null!;
    private bool _isBusy = true;

    public async Task InitializeAsync()
    {
        _gcs = await FakeGcs.StartAsync();
        _host = await CoreHost.StartAsync(
            _clock,
            services => services.AddSingleton(new HttpMessageInvoker(_sent)),
            ("DicomWeb:RetryDelay", "00:00:01"),
            ("DicomWeb:MultipartMaxBytes", "1000"),
            ("Sources:GcsBaseUrl", _gcs.BaseUrl.AbsoluteUri));
        _host.Server.Before = context =>
        {
            var isFirst = _host.Server.Requests.Count == 1;
            context.Response.StatusCode = 503;
            return Task.FromResult(isFirst);
        };
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _gcs.DisposeAsync();
    }

    [Fact]
    public async Task A_source_that_waits_does_not_stop_its_worker()
    {
        _gcs.Put("b", "x", Some.DicomFile(instance: "1.2.2"));
        _gcs.Before = (context, _) => BusyAsync(context, _isBusy);
        var id = await SubmitAsync();
        await Eventually.HoldsAsync(() => _gcs.Requests.Count == 1 && _clock.NextTimer <= TimeSpan.FromSeconds(2), "both wait");
        await TimePassesAsync(TimeSpan.FromSeconds(3), () => _host.Server.Stored.ContainsKey("1.2.1"));
        Assert.Single(_gcs.Requests);

        _isBusy = false;
        await EndsAsync(id);
    }

    /// <summary>A large file is read again while its request is being sent.</summary>
    [Fact]
    public async Task A_source_that_waits_within_a_request_leaves_it_the_only_one_of_its_worker()
    {
        _gcs.Put("b", "x", Some.DicomFile(instance: "1.2.2", pixelBytes: 4000));
        _gcs.Before = (context, _) => BusyAsync(context, _gcs.Requests.Count == 3);
        await EndsAsync(await SubmitAsync());
        Assert.Equal(5, _gcs.Requests.Count);
        Assert.Equal((3, 1), (_sent.Requests, _sent.MostAtOnce));
    }

    private static Task<bool> BusyAsync(Microsoft.AspNetCore.Http.HttpContext context, bool isBusy)
    {
        if (isBusy)
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "20";
        }

        return Task.FromResult(isBusy);
    }

    private async Task<string> SubmitAsync() => await _host.Jobs.SubmitAsync(
        new JobSubmission { Kind = JobKind.Upload, Destination = CoreHost.Store.ToString(), MaxWorkers = 1, BufferSize = 1 },
        CoreHost.Lines([await _host.PutDicomAsync("drop/a.dcm", "1.2.1"), "\"gs://b/x\""]),
        CancellationToken.None);

    private async Task EndsAsync(string id)
    {
        var ended = _host.Jobs.WaitAsync(id, CancellationToken.None);
        await TimePassesAsync(TimeSpan.FromMinutes(1), () => ended.IsCompleted);
        Assert.Equal(JobStatus.Completed, (await ended)!.State);
        List<JsonNode> records = await _host.RecordsAsync(id);
        Assert.All(records, record => Assert.True((bool)record["success"]!));
        Assert.Equal(["1.2.1", "1.2.2"], records.Select(record => (string?)record["instance"]!["sop_instance_uid"]));
    }

    /// <summary>Lets time pass, though no longer than this, until a condition holds.</summary>
    private Task TimePassesAsync(TimeSpan longest, Func<bool> until)
    {
        var started = _clock.GetTimestamp();
        var step = TimeSpan.FromSeconds(0.2);
        return Eventually.HoldsAsync(
            () =>
            {
                if (_clock.GetElapsedTime(started) + step <= longest)
                    _clock.Advance(step);
                return until();
            },
            "what is waited for happens");
    }

    private sealed class CountingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _underWay;

        public int Requests { get; private set; }

        public int MostAtOnce { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _underWay));
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
            }
        }
    }
}
