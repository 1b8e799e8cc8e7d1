using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Activities;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs;

public sealed class JobWorkflowTests
{
    private const string Id = "20261122-080000-abcdef";

    private readonly JobWorkflow _workflow = new();
    private JobPlan _plan = new() { Inputs = 100, BatchSize = 3, Window = 4, LegBatches = 10 };
    private Func<BatchRequest, BatchResult>? _runBatch;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(30, 1)]
    [InlineData(31, 2)]
    [InlineData(100, 4)]
    public async Task RunTurnAsync_AnyNumberOfInputs_IsLegsOfBatchesThatCoverThem(int inputs, int legs)
    {
        _plan = _plan with { Inputs = inputs };
        var (context, states) = await RunAsync();
        Assert.Equal(Math.Max(legs, 1), states.Count);
        Assert.Equal((long)inputs, states[^1].Counts.Succeeded);
        Assert.Equal(legs, states[^1].Parts);
        Assert.False(states[^1].Cancelled);
        var batches = Inputs<BatchRequest>(context, "RunBatch");
        var end = 0L;
        foreach (var batch in batches)
        {
            Assert.Equal(end, batch.Offset);
            end += batch.Length;
        }

        Assert.Equal(inputs * 10L, end);
        Assert.Equal(Enumerable.Range(0, batches.Count).Select(i => (i / 10, i % 10)), batches.Select(batch => (batch.Part, batch.Batch)));
        Assert.Equal(legs, Calls(context, "CommitPart"));
        Assert.Equal(1, Calls(context, "PrepareJob"));
        Assert.Equal(1, Calls(context, "FinishJob"));
        Assert.Equal("FinishJob", context[^1].Calls[^1].Name);
    }

    [Fact]
    public async Task RunTurnAsync_AStateOfALaterBuild_FailsAndSaysSo()
    {
        var later = JsonSerializer.Deserialize($$"""{"job_id":"{{Id}}","version":2}""", JobJson.Default.JobState)!;
        var context = Context();

        var failure = await Assert.ThrowsAsync<WorkflowVersionException>(() => _workflow.RunTurnAsync(context, later));

        Assert.Equal("The state is of version 2, of a later build; this one goes on from up to 1. Resume it with that build.", failure.Message);
        Assert.Empty(context.Calls);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(50)]
    public async Task RunTurnAsync_TheWindow_IsNeverOverMaxWorkersAndFilled(int window)
    {
        _plan = _plan with { Window = window };
        var (contexts, _) = await RunAsync();
        Assert.Equal(Math.Min(window, 10), contexts.Max(context => context.MostInFlight));
    }

    [Fact]
    public async Task RunTurnAsync_KilledAfterAnyStep_MakesTheSameCallsAgain()
    {
        var whole = Context();
        var turn = await whole.FinishAsync(_workflow.RunTurnAsync(whole, new JobState { JobId = Id }));
        var history = whole.Answers.Values.ToList();
        for (var known = 0; known <= history.Count; known++)
        {
            var again = Context(history[..known]);
            var second = await again.FinishAsync(_workflow.RunTurnAsync(again, new JobState { JobId = Id }));
            Assert.Equal(whole.Calls.Order(), again.Calls.Order());
            Assert.Equal(Json(turn.State), Json(second.State));
        }
    }

    [Fact]
    public async Task RunTurnAsync_Cancelled_DrainsAndAccountsForEveryInput()
    {
        // The fifth batch sees the wish to stop after its first input; the three behind it, in flight already, at once.
        _runBatch = request => request.Batch < 4 ? Result(3) : request.Batch == 4 ? Result(1, passedOver: 2) : Result(0, passedOver: 3);
        var (contexts, states) = await RunAsync();
        var state = Assert.Single(states);
        Assert.True(state.Cancelled);
        Assert.Equal(13, state.Counts.Succeeded);
        Assert.Equal(87, state.NotAttempted.Sum(run => run[1]));
        Assert.Equal([[13L, 87L]], state.NotAttempted);
        Assert.Equal(8, Inputs<BatchRequest>(contexts, "RunBatch").Count);
        Assert.Equal(8, Assert.Single(Inputs<PartCommit>(contexts, "CommitPart")).Batches.Count);
        Assert.Equal(1, Calls(contexts, "FinishJob"));
    }

    [Fact]
    public async Task RunTurnAsync_CancelledWithGaps_ListsTheRuns()
    {
        _runBatch = request => request.Batch switch { 1 => Result(1, passedOver: 2), _ => Result(3) };
        var (_, states) = await RunAsync();
        // Batches 2 to 4 were under way and finished.
        Assert.Equal([[4L, 2L], [15L, 85L]], states[^1].NotAttempted);
        Assert.Equal(100, states[^1].Counts.Succeeded + states[^1].NotAttempted.Sum(run => run[1]));
    }

    [Fact]
    public async Task RunTurnAsync_CancelledAndResumedBeforeItsSummary_OnlyWritesThat()
    {
        _runBatch = request => request.Batch switch { 1 => Result(1, passedOver: 2), _ => Result(3) };
        var (contexts, states) = await RunAsync();
        var checkpoint = Assert.Single(Inputs<PartCommit>(contexts, "CommitPart")).After;
        _runBatch = request => Result(0, passedOver: (int)(request.Length / 10));
        var (again, rest) = await RunAsync(checkpoint);
        Assert.Equal(Json(states[^1]), Json(rest[^1]));
        Assert.Equal(0, Calls(again, "RunBatch"));
        Assert.Equal(1, Calls(again, "FinishJob"));
    }

    [Fact]
    public async Task RunTurnAsync_CancelledInTheLastBatch_CountsItsShortEnd()
    {
        _plan = _plan with { Inputs = 7 };
        _runBatch = request => request.Batch == 2 ? Result(0, passedOver: 1) : Result(3);
        var (_, states) = await RunAsync();
        Assert.Equal([[6L, 1L]], states[^1].NotAttempted);
        Assert.True(states[^1].Cancelled);
    }

    [Fact]
    public async Task RunTurnAsync_AnActivityIsGivenUp_StopsTheOtherLanesAndFails()
    {
        _runBatch = request => request.Batch == 2 ? throw new ActivityFailedException("RunBatch failed.") : Result(3);
        var context = Context();
        await Assert.ThrowsAsync<ActivityFailedException>(
            () => context.FinishAsync(_workflow.RunTurnAsync(context, new JobState { JobId = Id })));
        // Those in flight when it failed were let finish: 0 and 1 had been followed by 4 and 5.
        Assert.Equal(6, context.Calls.Count(call => call.Name == "RunBatch"));
        Assert.DoesNotContain(context.Calls, call => call.Name is "CommitPart" or "FinishJob");
        Assert.Equal(0, context.InFlight);
    }

    [Fact]
    public async Task RunTurnAsync_VeryManyBlocks_EndTheLegEarly()
    {
        _runBatch = request => Result((int)(request.Length / 10)) with { Blocks = 6000 };
        var (contexts, states) = await RunAsync();
        Assert.Equal(100, states[^1].Counts.Succeeded);
        var commits = Inputs<PartCommit>(contexts, "CommitPart");
        Assert.All(commits, commit => Assert.InRange(commit.Batches.Sum(batch => batch[1]), 1, 50_000));
        Assert.True(commits.Count > 4);
        var batches = Inputs<BatchRequest>(contexts, "RunBatch");
        Assert.Equal(Enumerable.Range(0, 34).Select(i => i * 30L), batches.Select(batch => batch.Offset));
    }

    [Fact]
    public async Task RunTurnAsync_Resumed_GoesOnFromTheCheckpoint()
    {
        var (contexts, states) = await RunAsync();
        var checkpoint = Inputs<PartCommit>(contexts, "CommitPart")[1].After;
        Assert.Equal(Json(states[1]), Json(checkpoint));
        var (again, rest) = await RunAsync(checkpoint);
        Assert.Equal(Json(states[^1]), Json(rest[^1]));
        Assert.Equal(0, Calls(again, "PrepareJob"));
        Assert.Equal(2, Inputs<BatchRequest>(again, "RunBatch").Min(batch => batch.Part));
    }

    [Fact]
    public async Task RunTurnAsync_ReportsProgressFromTheStartAndAsBatchesEnd()
    {
        _plan = _plan with { Inputs = 30 };
        var (contexts, _) = await RunAsync();
        var told = contexts.SelectMany(context => context.Progress).Select(progress => progress.Succeeded);
        Assert.Equal(Enumerable.Range(0, 11).Select(i => i * 3L), told.Distinct());
        Assert.All(contexts[0].Progress, progress => Assert.Equal(30, progress.Total));
    }

    [Theory]
    [InlineData(0, 8, 5, 1)]
    [InlineData(1, 8, 5, 1)]
    [InlineData(12, 8, 5, 3)]
    [InlineData(40, 8, 5, 8)]
    [InlineData(1_000_000, 8, 5, 8)]
    [InlineData(100, 1000, 1, 100)]
    [InlineData(100, 1, 1, 1)]
    public void Plan_CutsFineEnoughForEveryWorker(long inputs, int bufferSize, int maxWorkers, int batch)
    {
        var spec = new JobSpec { Id = Id, Kind = JobKind.Search, CreatedAt = default, BufferSize = bufferSize, MaxWorkers = maxWorkers };
        var plan = JobPlan.For(spec, inputs, new JobOptions());
        Assert.Equal(batch, plan.BatchSize);
        Assert.Equal((inputs + batch - 1) / batch, plan.Batches);
        Assert.True(plan.LegBatches >= plan.Window);
    }

    private static BatchResult Result(int succeeded, int passedOver = 0) => new()
    {
        Execution = 7,
        Blocks = 1,
        Counts = new JobCounts { Succeeded = succeeded, Statuses = new Dictionary<string, long> { ["200"] = succeeded } },
        NotAttempted = passedOver,
    };

    private static string Json(JobState state) => JsonSerializer.Serialize(state, JobJson.Default.JobState);

    private static int Calls(IEnumerable<ScriptedContext> contexts, string name) =>
        contexts.SelectMany(context => context.Calls).Count(call => call.Name == name);

    private static List<T> Inputs<T>(IEnumerable<ScriptedContext> contexts, string name) =>
        [.. contexts.SelectMany(context => context.Calls).Where(call => call.Name == name)
            .Select(call => (T)JsonSerializer.Deserialize(call.Input, JobJson.Default.GetTypeInfo(typeof(T))!)!)];

    private ScriptedContext Context(IReadOnlyList<string>? history = null) => new(Answer, history);

    private async Task<(List<ScriptedContext> Contexts, List<JobState> States)> RunAsync(JobState? state = null)
    {
        state ??= new JobState { JobId = Id };
        List<ScriptedContext> contexts = [];
        List<JobState> states = [];
        while (true)
        {
            var context = Context();
            contexts.Add(context);
            var turn = await context.FinishAsync(_workflow.RunTurnAsync(context, state));
            // Through JSON, as an engine keeps it.
            state = JsonSerializer.Deserialize(Json(turn.State), JobJson.Default.JobState)!;
            states.Add(state);
            if (turn.IsDone)
                return (contexts, states);
        }
    }

    private string Answer(string name, string input)
    {
        switch (name)
        {
            case "PrepareJob":
                return JsonSerializer.Serialize(_plan, JobJson.Default.JobPlan);
            case "PlanLeg":
                var leg = JsonSerializer.Deserialize(input, JobJson.Default.LegRequest)!;
                var last = Math.Min(leg.FirstBatch + _plan.LegBatches, _plan.Batches);
                List<long> offsets = [];
                for (var batch = leg.FirstBatch; batch <= last; batch++)
                    offsets.Add(Math.Min(batch * _plan.BatchSize, _plan.Inputs) * 10);
                return JsonSerializer.Serialize(new LegPlan { Offsets = offsets }, JobJson.Default.LegPlan);
            case "RunBatch":
                var request = JsonSerializer.Deserialize(input, JobJson.Default.BatchRequest)!;
                return JsonSerializer.Serialize(_runBatch?.Invoke(request) ?? Result((int)(request.Length / 10)), JobJson.Default.BatchResult);
            default:
                return "\"done\"";
        }
    }
}
