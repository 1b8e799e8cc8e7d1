using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using DicomFunctions.App.Tests.Durable;
using DicomFunctions.App.Triggers;
using DicomFunctions.Core;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Activities;
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
        var status = await RunAsync(new JobPlan { Inputs = Inputs, BatchSize = 2, Window = 3, LegBatches = 4 }, diesAfterEachEvent: false);

        Assert.Equal(WorkflowState.Completed, status.State);
        Assert.Equal(new JobProgress { JobId = Id, Total = Inputs, Succeeded = 23 }, status.Progress);
        Assert.All(_ran.Values, times => Assert.Equal(1, times));
        Assert.Equal((1, 6, 23, 6, 1), (Count("PrepareJob"), Count("PlanLeg"), Count("RunBatch"), Count("CommitPart"), Count("FinishJob")));
        var commits = _ran.Keys.Where(ran => ran.Activity == "CommitPart").Select(ran => JsonNode.Parse(ran.Input)!).ToList();
        Assert.Equal(Enumerable.Range(0, 6), commits.Select(commit => commit["part"]!.GetValue<int>()).Order());
        Assert.Equal(23, commits.Sum(commit => commit["batches"]!.AsArray().Count));
    }

    [Fact]
    public async Task Whatever_dies_after_each_step_the_same_is_asked_for_and_nothing_else()
    {
        var plan = new JobPlan { Inputs = Inputs, BatchSize = 2, Window = 3, LegBatches = 4 };
        await RunAsync(plan, diesAfterEachEvent: false);
        var undisturbed = _ran.Keys.Select(Timeless).Order().ToList();
        _ran.Clear();

        var status = await RunAsync(plan, diesAfterEachEvent: true);

        Assert.Equal((WorkflowState.Completed, null), (status.State, status.Failure));
        Assert.Equal(undisturbed, _ran.Keys.Select(Timeless).Distinct().Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task No_more_batches_are_in_flight_than_max_workers(int maxWorkers)
    {
        var status = await RunAsync(
            new JobPlan { Inputs = 100, BatchSize = 1, Window = maxWorkers, LegBatches = 50 }, diesAfterEachEvent: false, maxWorkers);

        Assert.Equal(WorkflowState.Completed, status.State);
        Assert.Equal(maxWorkers, _mostInFlight);
    }

    /// <summary>Without the time the job began at, which differs from run to run.</summary>
    private static string Timeless((string Activity, string Input) ran)
    {
        var input = JsonNode.Parse(ran.Input)!;
        foreach (var state in (ReadOnlySpan<JsonNode?>)[input, input is JsonObject ? input["after"] : null])
            (state as JsonObject)?.Remove("started_at");
        return ran.Activity + input.ToJsonString();
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
        var orchestrators = new OrchestratorFunctions(catalog);
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
        if (name == "RunBatch")
            await BesideOthersAsync(together);
        return name switch
        {
            "PrepareJob" => Json(JobActivities.Prepare, plan),
            "PlanLeg" => Json(JobActivities.PlanLeg, Leg(plan, JsonNode.Parse(input)!["first_batch"]!.GetValue<long>())),
            "RunBatch" => Json(JobActivities.RunBatch, new BatchResult { Execution = 7, Blocks = 1, Counts = new JobCounts { Succeeded = 1 } }),
            _ => "\"done\"",
        };
    }

    private static LegPlan Leg(JobPlan plan, long first) => new()
    {
        Offsets = [.. Enumerable.Range(0, (int)Math.Min(plan.LegBatches, plan.Batches - first) + 1).Select(i => (first + i) * 10)],
    };

    private static string Json<TIn, TOut>(ActivityRef<TIn, TOut> activity, TOut output) => JsonSerializer.Serialize(output, activity.Output);

    /// <summary>The first batches wait for each other, so that the window is seen to be used.</summary>
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
