using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Overview;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Overview;

public sealed class OverviewTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private CoreHost _host = null!;

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync(
        settings: [("Drop:Destination", CoreHost.Store.ToString()), ("Notifications:Subscription", "projects/p/subscriptions/main")]);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Without_jobs_all_counts_are_zero()
    {
        var report = await ReportAsync();

        Assert.Equal((0, false, 60, 24), (report.Jobs, report.HasMore, report.Hour.Count, report.Day.Count));
        Assert.All(report.Hour.Concat(report.Day), bucket => Assert.Equal((0, 0), (bucket.Succeeded, bucket.Failed)));
        Assert.Empty(report.Running);
        Assert.Empty(report.Failures);
        Assert.Equal(new DropBacklog(0, 0), report.Drop);
        Assert.Equal("ok", report.Health["object_store"]);
    }

    [Fact]
    public async Task Records_reasons_and_states_are_those_of_the_newest_jobs()
    {
        new StoredJob { At = Now.AddMinutes(-30), Inputs = 100, Failed = 5, Failures = [new(FailureCode.Conflict, 5, 2)] }.AddTo(_host);
        var last = new StoredJob { At = Now.AddHours(-3), Inputs = 50, Failed = 7, Failures = [new(FailureCode.NotFound, 7, 0)] }
            .AddTo(_host);
        new StoredJob { At = Now.AddHours(-5), Failed = 1, Failures = [new(FailureCode.NotFound, 1, 0)] }.AddTo(_host);
        new StoredJob { At = Now.AddDays(-3), Inputs = 1_000, Failed = 1, Failures = [new(FailureCode.TimedOut, 1, 0)] }.AddTo(_host);
        new StoredJob { At = Now.AddHours(-6), State = null }.AddTo(_host);

        var report = await ReportAsync();

        Assert.Equal((95, 5), (report.Hour.Sum(bucket => bucket.Succeeded), report.Hour.Sum(bucket => bucket.Failed)));
        Assert.Equal((147, 13), (report.Day.Sum(bucket => bucket.Succeeded), report.Day.Sum(bucket => bucket.Failed)));
        Assert.Equal(new OverviewFailure(FailureCode.NotFound, 8, 2, last), report.Failures[0]);
        Assert.Equal((FailureCode.Conflict, 5, 1), (report.Failures[1].Code, report.Failures[1].Count, report.Failures[1].Jobs));
        Assert.Equal(2, report.Failures.Count);
        Assert.Equal([(JobStatus.Completed, 4), (JobStatus.Interrupted, 1)], report.States.Select(state => (state.Key, state.Value)));
    }

    [Fact]
    public async Task What_runs_is_shown_however_old_it_is_and_counted_until_now()
    {
        var go = new TaskCompletionSource();
        _host.Server.Before = async context =>
        {
            if (context.Request.Query["PatientID"] == "2")
                await go.Task;
            return false;
        };
        var id = await _host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search, BufferSize = 1, MaxWorkers = 1 },
            CoreHost.Lines([CoreHost.SearchJson(parameters: "{\"PatientID\":\"2\"}")]), CancellationToken.None);

        var report = await ReportAsync();
        go.SetResult();

        Assert.Equal(id, Assert.Single(report.Running).Id);
        Assert.Null(report.Running[0].PartRecords);
    }

    [Fact]
    public async Task Of_many_jobs_the_newest_are_looked_at_and_it_says_that_there_are_more()
    {
        foreach (var i in Enumerable.Range(0, RecentJobs.Most + 1))
            new StoredJob { At = Now.AddMinutes(-i), Inputs = 1 }.AddTo(_host);

        var report = await ReportAsync();

        Assert.Equal((RecentJobs.Most, true), (report.Jobs, report.HasMore));
    }

    [Fact]
    public async Task A_job_that_ended_is_read_once_and_a_report_is_shared_for_a_while()
    {
        var clock = new TestClock();
        await _host.DisposeAsync();
        _host = await CoreHost.StartAsync(clock);
        var id = new StoredJob { At = clock.GetUtcNow().AddMinutes(-5) }.AddTo(_host);
        var reads = 0;
        _host.Objects.Fault = (_, name) =>
        {
            if (name == new JobFiles(id).Summary)
                Interlocked.Increment(ref reads);
            return null;
        };

        var both = await Task.WhenAll(ReportAsync(), ReportAsync());
        clock.Advance(TimeSpan.FromSeconds(2));
        var third = await ReportAsync();
        clock.Advance(TimeSpan.FromSeconds(2));
        var fourth = await ReportAsync();

        Assert.All([both[1], third], report => Assert.Same(both[0], report));
        Assert.NotSame(both[0], fourth);
        Assert.Equal((1, 1), (fourth.Jobs, reads));
        Directory.Delete(_host.Folder.Combine("store", new JobFiles(id).Prefix), recursive: true);
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(0, (await ReportAsync()).Jobs);
    }

    [Fact]
    public async Task A_failure_of_the_store_is_not_kept()
    {
        _host.Objects.IsDown = true;
        await Assert.ThrowsAnyAsync<ObjectStoreException>(ReportAsync);
        _host.Objects.IsDown = false;

        Assert.Equal(0, (await ReportAsync()).Jobs);
    }

    [Fact]
    public async Task The_drop_folder_is_counted()
    {
        await _host.PutAsync("drop/incoming/a.dcm", [1]);
        await _host.PutAsync("drop/incoming/b/c.dcm", [1]);
        await _host.PutAsync("drop/failed/d.dcm", [1]);
        await _host.PutAsync(DropNames.Error("drop/incoming/d.dcm"), [1]);

        Assert.Equal(new DropBacklog(2, 1), (await ReportAsync()).Drop);
    }

    [Fact]
    public async Task The_subscription_has_its_last_job_of_messages()
    {
        var id = new StoredJob { Kind = JobKind.Notifications }.AddTo(_host);

        var subscription = (await ReportAsync()).Subscription!;

        Assert.Equal(("projects/p/subscriptions/main", null, id), (subscription.Name, subscription.LastPullAt, subscription.LastJob));
    }

    [Fact]
    public async Task A_store_that_asks_for_a_pause_is_told_of()
    {
        await _host.DisposeAsync();
        _host = await CoreHost.StartAsync(settings: ("DicomWeb:MaxAttempts", "1"));
        _host.Server.Before = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "60";
            return Task.FromResult(true);
        };
        await _host.SearchAsync(new QidoRequest { Store = CoreHost.Store, Level = QidoLevel.Studies });

        Assert.Equal([new SlowedStore(CoreHost.Store.ToString(), 0)], (await ReportAsync()).SlowedStores);
    }

    private Task<OverviewReport> ReportAsync() =>
        _host.Services.GetRequiredService<IOverviewReports>().GetAsync(CancellationToken.None).InTime();
}
