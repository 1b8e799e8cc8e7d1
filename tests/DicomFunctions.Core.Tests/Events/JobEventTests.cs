using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Events;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DicomFunctions.Core.Tests.Events;

/// <summary>That each end of a job is told, whatever breaks, and that telling it breaks nothing.</summary>
public sealed class JobEventTests : IAsyncLifetime
{
    private static readonly JobSubmission Search = new() { Kind = JobKind.Search };

    private readonly FakeEventEndpoint _endpoint = new();
    private CoreHost _host = null!;

    public async Task InitializeAsync() => _host = await StartAsync(time: null, ("Events:HostUrl", "https://dicom.example.org/"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_completed_job_is_an_event_with_counts_and_links_and_nothing_of_a_patient()
    {
        _host.Server.Rows = FakeDicomStore.Instances(2);
        var id = await _host.RunJobAsync(Search, CoreHost.SearchJson(parameters: "{\"PatientID\":\"Doe7\"}"), "{\"PatientName\":\"Doe\"}");
        await SentAsync();

        var told = Assert.Single(_endpoint.Taken);
        var job = (await _host.Jobs.FindAsync(id, CancellationToken.None))!;
        Assert.Equal(
            ("1.0", $"{id}-completed-0", "https://dicom.example.org", "dicomfunctions.job.completed", id, "application/json"),
            ((string)told["specversion"]!, (string)told["id"]!, (string)told["source"]!, (string)told["type"]!, (string)told["subject"]!,
                (string)told["datacontenttype"]!));
        Assert.Equal(job.Summary!.FinishedAt, (DateTimeOffset)told["time"]!);
        var data = told["data"]!.AsObject();
        Assert.Equal(
            [
                "id", "kind", "state", "inputs", "succeeded", "failed", "not_attempted", "created_at", "ended_at", "status_url",
                "results_url",
            ],
            data.Select(property => property.Key));
        Assert.Equal(
            (id, "search", "completed", 2L, 1L, 1L, 0L),
            ((string)data["id"]!, (string)data["kind"]!, (string)data["state"]!, (long)data["inputs"]!, (long)data["succeeded"]!,
                (long)data["failed"]!, (long)data["not_attempted"]!));
        Assert.Equal($"https://dicom.example.org/api/jobs/{id}/results", (string?)data["results_url"]);
        Assert.DoesNotContain("Doe", told.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(await _host.ListAsync("outbox/"));
    }

    [Fact]
    public async Task A_cancelled_job_is_an_event()
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _host.Server.Before = async _ =>
        {
            begun.TrySetResult();
            await go.Task;
            return false;
        };
        var id = await _host.Jobs.SubmitAsync(
            Search with { MaxWorkers = 1, BufferSize = 1 },
            CoreHost.Lines(Enumerable.Repeat(CoreHost.SearchJson(), 9)),
            CancellationToken.None);
        await begun.Task.InTime();
        await _host.Jobs.CancelAsync(id, CancellationToken.None);
        await _host.Engine.WaitAsync(id, CancellationToken.None).InTime();
        go.SetResult();
        await SentAsync();

        var told = Assert.Single(_endpoint.Taken);
        Assert.Equal((id + "-cancelled-0", "dicomfunctions.job.cancelled"), ((string)told["id"]!, (string)told["type"]!));
        Assert.True((long)told["data"]!["not_attempted"]! > 0);
    }

    [Theory]
    [InlineData("input.ndjson")]
    [InlineData("summary.json")]
    public async Task A_failed_job_is_an_event_and_so_is_its_end_after_a_resume(string broken)
    {
        _host.Objects.Fault = (member, name) => member is "OpenReadAsync" or "PutAsync" && name.EndsWith(broken, StringComparison.Ordinal)
            && !_host.Engine.Executions.IsEmpty && !_host.Engine.Executions.Contains("AnnounceFailure")
            ? new ObjectStoreException("gone")
            : null;
        var id = await _host.RunJobAsync(Search, CoreHost.SearchJson());
        _host.Objects.IsDown = false;
        Assert.Equal(JobStatus.Failed, (await _host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        await SentAsync();
        Assert.Equal([$"{id}-failed-0"], _endpoint.Ids);
        Assert.Equal(1, (long)_endpoint.Taken.Single()["data"]!["inputs"]!);

        Assert.Equal(JobActionResult.Done, await _host.Jobs.ResumeAsync(id, CancellationToken.None));
        await _host.Engine.WaitAsync(id, CancellationToken.None).InTime();
        await SentAsync();

        Assert.Equal([$"{id}-failed-0", $"{id}-completed-1"], _endpoint.Ids);
    }

    [Fact]
    public async Task A_job_that_fails_because_nothing_can_be_stored_fails_with_its_own_reason()
    {
        _host.Objects.Fault = (_, _) => _host.Engine.Executions.IsEmpty ? null : new ObjectStoreException("gone");
        var id = await _host.RunJobAsync(Search, CoreHost.SearchJson());
        _host.Objects.IsDown = false;

        Assert.Contains("RunBatches failed", (await _host.Jobs.FindAsync(id, CancellationToken.None))!.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_is_ended_by_force_is_an_event()
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _host.Server.Before = async _ =>
        {
            begun.TrySetResult();
            await go.Task;
            return false;
        };
        var id = await _host.Jobs.SubmitAsync(Search, CoreHost.Lines([CoreHost.SearchJson()]), CancellationToken.None);
        await begun.Task.InTime();

        Assert.Equal(JobActionResult.Done, await _host.Jobs.TerminateAsync(id, CancellationToken.None));

        await SentAsync();
        go.SetResult();
        Assert.Equal([$"{id}-failed-0"], _endpoint.Ids);
        Assert.Equal(JobActionResult.Conflict, await _host.Jobs.TerminateAsync(id, CancellationToken.None));
        Assert.Empty(await _host.ListAsync("outbox/"));
    }

    [Fact]
    public async Task A_job_of_dropped_files_is_an_event()
    {
        await using var host = await StartAsync(
            time: null, ("Drop:Destination", CoreHost.Store.ToString()), ("Drop:SettleTime", "00:00:00"));
        await host.PutDicomAsync("drop/incoming/a.dcm");
        await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None);
        await host.Engine.WaitAsync(DropActivities.InstanceId, CancellationToken.None).InTime();
        await host.Engine.WaitAsync(EventActivities.InstanceId, CancellationToken.None).InTime();

        var told = Assert.Single(_endpoint.Taken);
        Assert.Equal(("upload", "/dicomfunctions"), ((string)told["data"]!["kind"]!, (string)told["source"]!));
        Assert.StartsWith("/api/jobs/", (string)told["data"]!["status_url"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_endpoint_nothing_is_written()
    {
        await using var host = await CoreHost.StartAsync(configure: services => services.AddSingleton<IEventEndpoint>(_endpoint));
        host.Objects.Fault = (_, name) => name.StartsWith("outbox/", StringComparison.Ordinal)
            ? new InvalidOperationException("The outbox is no business of this host.")
            : null;
        var id = await host.RunJobAsync(Search, CoreHost.SearchJson());

        Assert.Equal(JobStatus.Completed, (await host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        await host.Services.GetRequiredService<EventDoorbell>().RingIfNeededAsync(CancellationToken.None);
        Assert.Null(await host.Engine.GetAsync(EventActivities.InstanceId, CancellationToken.None));
    }

    /// <summary>A crash of the commit is another execution of it.</summary>
    [Theory]
    [InlineData("before", "outbox/")]
    [InlineData("after", "outbox/")]
    [InlineData("before", "/summary.json")]
    [InlineData("after", "/summary.json")]
    public async Task A_crash_around_any_write_of_the_end_loses_no_event_and_makes_no_other(string when, string what)
    {
        var crashes = 0;
        bool IsCrash(string name) => name.Contains(what, StringComparison.Ordinal) && Interlocked.Increment(ref crashes) == 1;
        if (when == "before")
            _host.Objects.Fault = (member, name) => member == "PutAsync" && IsCrash(name) ? new ObjectStoreException("crash") : null;
        else
            _host.Objects.AfterPut = name => IsCrash(name) ? throw new ObjectStoreException("crash") : Task.CompletedTask;

        var id = await _host.RunJobAsync(Search, CoreHost.SearchJson());
        await SentAsync();

        Assert.True(crashes > 1);
        Assert.Equal(JobStatus.Completed, (await _host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        Assert.Equal([$"{id}-completed-0"], _endpoint.Ids.Distinct());
        Assert.Empty(await _host.ListAsync("outbox/"));
    }

    [Fact]
    public async Task A_ring_that_is_lost_is_made_up_for()
    {
        var starts = 0;
        _host.Engine.OnStart = () =>
        {
            if (++starts == 2)
                throw new ObjectStoreException("no engine");
        };
        var id = await _host.RunJobAsync(Search, CoreHost.SearchJson());
        Assert.Equal(JobStatus.Completed, (await _host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        Assert.Empty(_endpoint.Taken);

        await _host.Services.GetRequiredService<EventDoorbell>().RingIfNeededAsync(CancellationToken.None);
        await SentAsync();

        Assert.Equal([$"{id}-completed-0"], _endpoint.Ids);
        await _host.Services.GetRequiredService<EventDoorbell>().RingIfNeededAsync(CancellationToken.None);
        Assert.Equal(3, starts);
    }

    [Fact]
    public async Task An_event_that_was_sent_and_not_removed_is_sent_again_as_the_same()
    {
        _host.Objects.Fault = (member, name) =>
            member == "DeleteAsync" && name.StartsWith("outbox/", StringComparison.Ordinal) && _endpoint.Taken.Count == 1
                ? new ObjectStoreException("busy")
                : null;
        var id = await _host.RunJobAsync(Search, CoreHost.SearchJson());
        await SentAsync();

        Assert.Equal([$"{id}-completed-0", $"{id}-completed-0"], _endpoint.Ids);
        Assert.Single(_endpoint.Taken.Select(told => told.ToJsonString()).Distinct());
    }

    [Fact]
    public async Task A_dead_endpoint_holds_up_no_job_and_has_every_event_once_it_is_back()
    {
        var clock = CoreHost.SkippingClock();
        await using var host = await StartAsync(clock);
        _endpoint.Problem = _ => _endpoint.Asked.Count > 40 ? null : "It answered 503.";
        List<string> ids = [];
        for (var i = 0; i < 7; i++)
            ids.Add(await host.RunJobAsync(Search, CoreHost.SearchJson()));
        foreach (var id in ids)
            Assert.Equal(JobStatus.Completed, (await host.Jobs.FindAsync(id, CancellationToken.None))!.State);

        await host.Engine.WaitAsync(EventActivities.InstanceId, CancellationToken.None).InTime();
        await host.Services.GetRequiredService<EventDoorbell>().RingIfNeededAsync(CancellationToken.None);
        await host.Engine.WaitAsync(EventActivities.InstanceId, CancellationToken.None).InTime();

        Assert.Equal(ids.Select(id => $"{id}-completed-0").Order(), _endpoint.Ids.Order());
        // It waits longer each time, and asks for no more than a few each time.
        Assert.All(clock.Waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
        Assert.Contains(TimeSpan.FromSeconds(5), clock.Waits);
        Assert.Contains(TimeSpan.FromSeconds(40), clock.Waits);
    }

    [Fact]
    public async Task An_event_that_is_refused_stops_no_other_and_is_given_up_after_a_day()
    {
        var clock = CoreHost.SkippingClock();
        var log = new LogLines();
        await using var host = await StartAsync(clock, log: log);
        string? bad = null;
        _endpoint.Problem = id => (bad ??= id) == id ? "It answered 400." : null;
        var first = await host.RunJobAsync(Search, CoreHost.SearchJson());
        var second = await host.RunJobAsync(Search, CoreHost.SearchJson());
        await host.Services.GetRequiredService<EventDoorbell>().RingIfNeededAsync(CancellationToken.None);
        await host.Engine.WaitAsync(EventActivities.InstanceId, CancellationToken.None).InTime();

        Assert.Equal($"{first}-completed-0", bad);
        Assert.Equal([$"{second}-completed-0"], _endpoint.Ids);
        Assert.Empty(await host.ListAsync("outbox/"));
        var waited = clock.Waits.Aggregate(TimeSpan.Zero, (sum, wait) => sum + wait);
        Assert.InRange(waited, TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(1) + TimeSpan.FromMinutes(30));
        // About every ten minutes in the end.
        Assert.InRange(_endpoint.Asked.Count(id => id == bad), 100, 200);
        Assert.Contains(log.Lines, line => line.StartsWith("1 events could not be sent for a day", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_round_asks_an_endpoint_that_takes_none_for_a_few_and_others_each_time()
    {
        _endpoint.Problem = _ => "It answered 500.";
        var ids = Enumerable.Range(0, 8).Select(i => $"20261122-081653-k3f9x{i}-completed-0").ToList();
        foreach (var id in ids)
            await _host.PutAsync($"outbox/{id}.json", "{}"u8.ToArray());
        var send = ActivatorUtilities.CreateInstance<SendEvents>(_host.Services);

        for (var round = 0; round < 3; round++)
        {
            var result = await send.RunAsync(round, CancellationToken.None);
            Assert.Equal((0, 8, false), (result.Sent, result.Left, result.IsUnfinished));
        }

        Assert.Equal([.. ids[..3], .. ids[3..6], .. ids[6..], ids[0]], _endpoint.Asked);
    }

    [Fact]
    public async Task What_is_in_the_outbox_and_no_event_is_not_sent()
    {
        foreach (var name in new[] { "outbox/x", "outbox/A b.json", "outbox/deep/x.json", $"outbox/{new string('a', 200)}.json" })
            await _host.PutAsync(name, "{}"u8.ToArray());
        await _host.PutAsync("outbox/empty.json", []);
        var send = ActivatorUtilities.CreateInstance<SendEvents>(_host.Services);

        Assert.Equal((1, 0), (await send.RunAsync(0, CancellationToken.None)) is var round ? (round.Sent, round.Left) : default);

        Assert.Empty(_endpoint.Asked);
    }

    [Fact]
    public async Task Retention_clears_the_outbox()
    {
        await _host.PutAsync("outbox/x", "{}"u8.ToArray());
        await _host.PutAsync("outbox/y.json", "{}"u8.ToArray());
        await _host.Jobs.RemoveExpiredAsync(CancellationToken.None);
        Assert.Equal(2, (await _host.ListAsync("outbox/")).Count);

        await using var later = await StartAsync(new ShiftedClock { Ahead = TimeSpan.FromDays(2) + TimeSpan.FromMinutes(5) });
        await later.PutAsync("outbox/x", "{}"u8.ToArray());
        await later.PutAsync("outbox/y.json", "{}"u8.ToArray());
        await later.Jobs.RemoveExpiredAsync(CancellationToken.None);

        Assert.Empty(await later.ListAsync("outbox/"));
    }

    private Task<CoreHost> StartAsync(TimeProvider? time, params (string Key, string Value)[] settings) =>
        StartAsync(time, log: null, settings);

    private Task<CoreHost> StartAsync(TimeProvider? time, LogLines? log, params (string Key, string Value)[] settings) =>
        CoreHost.StartAsync(
            time,
            services =>
            {
                services.AddSingleton<IEventEndpoint>(_endpoint);
                if (log is not null)
                    services.AddLogging(logging => logging.AddProvider(log));
            },
            [("Events:Url", "https://example.org/"), ("Events:Secret", EventReceiver.Secret), .. settings]);

    /// <summary>Waits until the events workflow has ended.</summary>
    private async Task SentAsync() => await _host.Engine.WaitAsync(EventActivities.InstanceId, CancellationToken.None).InTime();
}
