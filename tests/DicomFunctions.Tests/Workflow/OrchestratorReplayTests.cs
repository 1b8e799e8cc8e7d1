using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using DicomFunctions.App.Tests.Durable;
using DicomFunctions.App.Triggers;
using DicomFunctions.Core;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.App.Tests.Workflow;

/// <summary>The job's orchestrator over activities that answer at once: what it asks for, whatever dies meanwhile.</summary>
public sealed class OrchestratorReplayTests
{
    private const string Id = "20261122-081653-abcdef";
    private const int Inputs = 45;

    private readonly ConcurrentDictionary<(string Activity, string Input), int> _ran = new();
    private int _inFlight;
    private int _mostInFlight;

    [Fact]
    public async Task A_job_runs_in_legs_that_commit_in_order()
    {
        var status = await RunAsync(Plan(maxWorkers: 3), diesAfterEachEvent: false);

        Assert.Equal(WorkflowState.Completed, status.State);
        Assert.Equal(
            new JobProgress { JobId = Id, Total = Inputs, Succeeded = Inputs, Committed = 36, LegEnd = Inputs }, status.Progress);
        Assert.All(_ran.Values, times => Assert.Equal(1, times));
        Assert.Equal((1, 5), (Count("BeginJob"), Count("CommitLeg")));
        AssertCommitted();
    }

    [Fact]
    public async Task Whatever_dies_after_each_step_every_input_is_committed_once()
    {
        var status = await RunAsync(Plan(maxWorkers: 3), diesAfterEachEvent: true);

        Assert.Equal((WorkflowState.Completed, null), (status.State, status.Failure));
        AssertCommitted();
    }

    [Fact]
    public async Task Whatever_dies_after_each_step_one_worker_asks_for_the_same_and_nothing_else()
    {
        await RunAsync(Plan(maxWorkers: 1), diesAfterEachEvent: false);
        var undisturbed = _ran.Keys.Select(Timeless).Order().ToList();
        _ran.Clear();

        await RunAsync(Plan(maxWorkers: 1), diesAfterEachEvent: true);

        Assert.Equal(undisturbed, _ran.Keys.Select(Timeless).Distinct().Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task No_more_runs_are_in_flight_than_max_workers(int maxWorkers)
    {
        var status = await RunAsync(Plan(maxWorkers) with { BatchSize = 1 }, diesAfterEachEvent: false, maxWorkers);

        Assert.Equal(WorkflowState.Completed, status.State);
        Assert.Equal(maxWorkers, _mostInFlight);
    }

    /// <summary>Legs of three batches for each of three workers, and none that is small enough to begin with one.</summary>
    private static JobPlan Plan(int maxWorkers) => new()
    {
        Inputs = Inputs,
        BatchSize = 9 / Math.Max(3, maxWorkers),
        Window = maxWorkers,
        ActivityTime = TimeSpan.FromSeconds(5),
        LegTime = TimeSpan.Zero,
    };

    /// <summary>Without the time the job began at and what its parts took, which differ from run to run.</summary>
    private static string Timeless((string Activity, string Input) ran)
    {
        var input = JsonNode.Parse(ran.Input)!;
        foreach (var state in (ReadOnlySpan<JsonNode?>)[input, input is JsonObject ? input["after"] : null])
        {
            (state as JsonObject)?.Remove("started_at");
            foreach (var part in (state as JsonObject)?["part_records"] as JsonArray ?? [])
                part!.AsArray().RemoveAt(2);
        }

        return ran.Activity + input.ToJsonString();
    }

    /// <summary>The legs follow one another, and the runs of each cover it.</summary>
    private void AssertCommitted()
    {
        var next = 0L;
        var legs = _ran.Keys.Where(ran => ran.Activity == "CommitLeg")
            .Select(ran => JsonSerializer.Deserialize(ran.Input, JobActivities.Commit.Input)!)
            .DistinctBy(leg => leg.Part).OrderBy(leg => leg.Part).ToList();
        foreach (var leg in legs)
        {
            var at = next;
            foreach (var run in leg.Runs)
            {
                Assert.Equal(at, next + run[0]);
                // A run's execution is, here, how much it worked.
                at += run[1];
            }

            next = leg.After.Next;
            Assert.Equal(next, at);
        }

        Assert.Equal(Inputs, next);
    }

    private int Count(string activity) => _ran.Keys.Count(ran => ran.Activity == activity);

    private async Task<WorkflowStatus> RunAsync(JobPlan plan, bool diesAfterEachEvent, int together = 1)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddLogging()
            .AddDicomFunctions()
            .BuildServiceProvider();
        var catalog = services.GetRequiredService<WorkflowCatalog>();
        var orchestrators = new OrchestratorFunctions(new ServiceCollection().AddSingleton(catalog).BuildServiceProvider());
        await using var hub = await DurableHub.StartAsync(
            catalog, (_, context) => orchestrators.RunJobAsync(context), (name, input, _) => AnswerAsync(plan, together, name, input), 50);
        var engine = new InvokedEngine(hub);
        Assert.True(await engine.StartAsync(JobActivities.Workflow, Id, new JobState { JobId = Id }, CancellationToken.None));
        WorkflowStatus status = null!;
        var ran = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                if (diesAfterEachEvent && ran != (ran = _ran.Count))
                    await hub.RestartAsync();
                status = (await engine.GetAsync(Id, CancellationToken.None))!;
                return status.State is not (WorkflowState.Pending or WorkflowState.Running);
            },
            "the job ends");
        return status;
    }

    private async Task<string> AnswerAsync(JobPlan plan, int together, string name, string input)
    {
        _ran.AddOrUpdate((name, input), 1, (_, times) => times + 1);
        if (name == "RunBatches")
            await BesideOthersAsync(together);
        return name switch
        {
            "BeginJob" => Json(JobActivities.Begin, plan),
            "RunBatches" => Json(JobActivities.Run, Work(JsonSerializer.Deserialize(input, JobActivities.Run.Input)!)),
            _ => "\"done\"",
        };
    }

    /// <summary>A run that has time for two inputs.</summary>
    private static RunResult Work(RunRequest request)
    {
        var worked = Math.Min(request.Count, 2);
        return new() { Execution = worked, Blocks = 1, Worked = worked, ElapsedMs = 1_000, Counts = new JobCounts { Succeeded = worked } };
    }

    private static string Json<TIn, TOut>(ActivityRef<TIn, TOut> activity, TOut output) =>
        JsonSerializer.Serialize(output, activity.Output);

    /// <summary>The first runs wait for each other, so that the window is seen to be used.</summary>
    private async Task BesideOthersAsync(int together)
    {
        var now = Interlocked.Increment(ref _inFlight);
        for (var most = _mostInFlight; now > most; most = _mostInFlight)
            Interlocked.CompareExchange(ref _mostInFlight, now, most);
        await Eventually.HoldsAsync(() => _mostInFlight >= together, "the window is full");
        await Task.Yield();
        Interlocked.Decrement(ref _inFlight);
    }
}
