using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Execution;

/// <summary>How a run ends, and what it leaves.</summary>
public sealed class RunBatchesTests : IAsyncLifetime
{
    private readonly TestClock _time = new();
    private CoreHost _host = null!;

    /// <summary>What happens when the store is asked for an input.</summary>
    private Func<int, Task> _onInput = static _ => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        _host = await CoreHost.StartAsync(_time, null, ("Jobs:ActivityTime", "00:00:05"));
        _host.Server.Before = async context =>
        {
            await _onInput(int.Parse(context.Request.Query["n"]!, System.Globalization.CultureInfo.InvariantCulture));
            return false;
        };
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task RunAsync_all_in_time_works_all()
    {
        var id = await AcceptAsync(20);
        var result = await RunAsync(new RunRequest { JobId = id, Part = 0, Block = 0, First = 3, Count = 10 });
        Assert.Equal((10, 10, 1), (result.Worked, result.Counts.Succeeded, result.Blocks));
        Assert.Equal(Enumerable.Range(3, 10), Asked());
    }

    [Fact]
    public async Task RunAsync_ends_inside_a_batch_where_the_time_is_used_up()
    {
        var id = await AcceptAsync(20);
        EachInputTakes(TimeSpan.FromSeconds(2));
        var result = await RunAsync(new RunRequest { JobId = id, Part = 0, Block = 0, First = 0, Count = 20 });
        Assert.Equal(3, result.Worked);
        Assert.Equal(6_000, result.ElapsedMs);
        Assert.Equal(Enumerable.Range(0, 3), Asked());
    }

    [Fact]
    public async Task RunAsync_an_input_that_takes_longer_is_worked_alone()
    {
        var id = await AcceptAsync(20);
        EachInputTakes(TimeSpan.FromMinutes(20));
        Assert.Equal(1, (await RunAsync(new RunRequest { JobId = id, Part = 0, Block = 0, First = 0, Count = 20 })).Worked);
    }

    [Fact]
    public async Task RunAsync_an_object_store_that_is_slow_takes_none_of_the_runs_time()
    {
        var id = await AcceptAsync(20);
        _host.Objects.Reading = (name, content) =>
        {
            if (name != new JobFiles(id).Spec)
                _time.Advance(TimeSpan.FromSeconds(4));
            return content;
        };
        var result = await RunAsync(new RunRequest { JobId = id, Part = 0, Block = 0, First = 0, Count = 20 });
        Assert.Equal((20, 0), (result.Worked, result.ElapsedMs));
    }

    [Fact]
    public async Task RunAsync_a_limit_of_its_own_is_kept()
    {
        var id = await AcceptAsync(20);
        EachInputTakes(TimeSpan.FromMilliseconds(100));
        var limit = TimeSpan.FromMilliseconds(200);
        Assert.Equal(2, (await RunAsync(new RunRequest { JobId = id, Part = 0, Block = 0, First = 0, Count = 20, Limit = limit })).Worked);
    }

    [Fact]
    public async Task RunAsync_gives_what_is_done_and_loses_the_input_under_way_when_the_host_stops()
    {
        var id = await AcceptAsync(20);
        using var stop = new CancellationTokenSource();
        _onInput = async n =>
        {
            if (n == 5)
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, new CancellationTokenSource(TimeSpan.FromSeconds(2)).Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        };
        var result = await RunAsync(new RunRequest { JobId = id, Part = 0, Block = 0, First = 0, Count = 20 }, stop.Token).InTime();
        Assert.Equal((5, 1, false), (result.Worked, result.Blocks, result.IsCancelled));

        // What it gave can be committed.
        var after = new JobState { JobId = id, Plan = Plan(20), Next = 5, Parts = 1 };
        await _host.Services.GetRequiredService<WorkflowCatalog>().RunActivityAsync(
            "CommitLeg",
            JsonSerializer.Serialize(
                new LegCommit { Part = 0, Runs = [[0, result.Execution, result.Blocks]], After = after }, RunJson.Default.LegCommit),
            CancellationToken.None);
        Assert.Equal(5, (await _host.RecordsAsync(id)).Count);
    }

    [Fact]
    public async Task RunAsync_is_run_again_when_the_host_stops_before_anything_is_done()
    {
        var id = await AcceptAsync(20);
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => RunAsync(new RunRequest { JobId = id, Part = 0, Block = 0, First = 0, Count = 20 }, stop.Token));
    }

    [Fact]
    public async Task RunAsync_says_so_when_the_job_is_cancelled()
    {
        var id = await AcceptAsync(20);
        _onInput = async n =>
        {
            if (n == 2)
                await _host.PutAsync(new JobFiles(id).Cancel, []);
            _time.Advance(TimeSpan.FromSeconds(1.1));
        };
        var result = await RunAsync(new RunRequest { JobId = id, Part = 0, Block = 0, First = 0, Count = 20 });
        Assert.True(result.IsCancelled);
        Assert.InRange(result.Worked, 2, 3);
    }

    [Fact]
    public async Task RunAsync_tells_how_far_it_is()
    {
        var id = await AcceptAsync(20);
        var told = new Told();
        await _host.Services.GetRequiredService<WorkflowCatalog>().RunActivityAsync(
            "RunBatches", Json(new RunRequest { JobId = id, Part = 0, Block = 0, First = 0, Count = 20 }), told, CancellationToken.None);
        // Once a batch; the input begun last may be on its way.
        Assert.InRange(told.Done.Count, 3, 4);
        Assert.Equal(told.Done.Order(), told.Done);
        Assert.Equal(20, told.Done[^1]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public async Task A_job_at_activity_time_zero_is_one_batch_an_activity(int inputs)
    {
        await using var host = await CoreHost.StartAsync(settings: ("Jobs:ActivityTime", "00:00:00"));
        var id = await host.RunJobAsync(
            new JobSubmission { Kind = JobKind.Search, MaxWorkers = 2 }, Enumerable.Range(0, inputs).Select(Numbered));
        Assert.Equal(
            Enumerable.Range(0, inputs).Select(Numbered), (await host.RecordsAsync(id)).Select(record => record["input"]!.ToJsonString()));
        Assert.InRange(host.Engine.Executions.Count(name => name == "RunBatches"), (inputs + 7) / 8, inputs);
    }

    [Fact]
    public async Task A_job_of_five_thousand_at_the_defaults_costs_few_activities_and_calls_of_the_object_store()
    {
        const int Inputs = 5_000;
        // Each answer takes a moment of this clock, so that a slow machine makes no more runs than a fast one.
        var clock = new TestClock();
        await using var host = await CoreHost.StartAsync(clock);
        host.Server.Before = _ =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return Task.FromResult(false);
        };
        var calls = 0;
        var id = await host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search }, CoreHost.Lines(Enumerable.Range(0, Inputs).Select(Numbered)),
            CancellationToken.None);
        host.Objects.Fault = (_, _) =>
        {
            Interlocked.Increment(ref calls);
            return null;
        };
        await host.Engine.WaitAsync(id, CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(Inputs, (await host.Jobs.FindAsync(id, CancellationToken.None))!.Summary!.Succeeded);
        Assert.InRange(host.Engine.Executions.Count, 1, 0.006 * Inputs);
        Assert.InRange(calls, 1, 0.02 * Inputs);
    }

    [Fact]
    public async Task A_job_of_one_input_is_two_activities()
    {
        var id = await _host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, Numbered(1));
        Assert.Equal(["RunBatches", "CommitLeg"], _host.Engine.Executions);
        Assert.Single(await _host.RecordsAsync(id));
    }

    private void EachInputTakes(TimeSpan time) => _onInput = _ =>
    {
        _time.Advance(time);
        return Task.CompletedTask;
    };

    private static JobPlan Plan(int inputs) => new()
    {
        Inputs = inputs,
        BatchSize = 8,
        Window = 1,
        ActivityTime = TimeSpan.FromSeconds(5),
        LegTime = TimeSpan.FromSeconds(60),
    };

    private static string Numbered(int number) => CoreHost.SearchJson(parameters: $"{{\"n\":{number}}}");

    private static string Json(RunRequest request) => JsonSerializer.Serialize(request, RunJson.Default.RunRequest);

    private IEnumerable<int> Asked() => _host.Server.Requests.Select(
        request => int.Parse(request.Split("n=")[1].Split('&')[0], System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A job that was accepted, and not started.</summary>
    private async Task<string> AcceptAsync(int inputs)
    {
        var draft = _host.Jobs.Draft(JobKind.Search);
        await using (draft)
        {
            for (var i = 0; i < inputs; i++)
                await draft.AddAsync(System.Text.Encoding.UTF8.GetBytes(Numbered(i)), CancellationToken.None);
            await draft.AcceptAsync(new JobSubmission { Kind = JobKind.Search, MaxWorkers = 1 }, CancellationToken.None);
        }

        return draft.Id;
    }

    private async Task<RunResult> RunAsync(RunRequest request, CancellationToken cancellationToken = default) =>
        JsonSerializer.Deserialize(
            await _host.Services.GetRequiredService<WorkflowCatalog>().RunActivityAsync("RunBatches", Json(request), cancellationToken),
            RunJson.Default.RunResult)!;

    private sealed class Told : IProgress<JobProgress>
    {
        public List<long> Done { get; } = [];

        public void Report(JobProgress value) => Done.Add(value.Done);
    }
}
