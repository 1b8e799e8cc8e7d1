using System.Text.Json;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Execution;

public sealed class JobWorkflowTests
{
    private const string Id = "20261122-080000-abcdef";

    private readonly JobWorkflow _workflow = new();
    private JobPlan _plan = new()
    {
        Inputs = 1000,
        BatchSize = 3,
        Window = 4,
        ActivityTime = TimeSpan.FromSeconds(5),
        LegTime = TimeSpan.FromSeconds(60),
    };

    private readonly Queue<JobPlan> _expansions = [];
    private Func<RunRequest, RunResult>? _run;

    /// <summary>Milliseconds an input takes.</summary>
    private int _pace = 10;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(12_345)]
    public async Task RunTurnAsync_any_number_of_inputs_is_legs_of_runs_that_cover_them_once(int inputs)
    {
        _plan = _plan with { Inputs = inputs };
        var (contexts, states) = await RunAsync();
        Assert.Equal(inputs, states[^1].Counts.Succeeded);
        Assert.Equal(inputs, states[^1].Next);
        Assert.False(states[^1].Cancelled);
        AssertCovered(contexts, inputs);
        var commits = Inputs<LegCommit>(contexts, "CommitLeg");
        Assert.Equal(states.Count, commits.Count);
        Assert.Equal(Enumerable.Range(0, inputs == 0 ? 1 : commits.Count), commits.Select(commit => commit.Part));
        Assert.Equal(inputs == 0 ? 0 : commits.Count, states[^1].Parts);
        Assert.Equal(0, Calls(contexts, "BeginJob"));
        Assert.Equal("CommitLeg", contexts[^1].Calls[^1].Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public async Task RunTurnAsync_a_small_job_is_two_activities(int inputs)
    {
        _plan = _plan with { Inputs = inputs };
        var (contexts, _) = await RunAsync();
        Assert.Equal(["RunBatches", "CommitLeg"], contexts.SelectMany(context => context.Calls).Select(call => call.Name));
        Assert.Equal(TimeSpan.FromMilliseconds(200), Inputs<RunRequest>(contexts, "RunBatches")[0].Limit);
    }

    [Fact]
    public async Task RunTurnAsync_a_small_job_of_slow_inputs_is_shared_out_after_the_first()
    {
        _plan = _plan with { Inputs = 12 };
        _pace = 1000;
        var (contexts, states) = await RunAsync();
        Assert.Equal(12, states[^1].Counts.Succeeded);
        AssertCovered(contexts, 12);
        Assert.Equal(4, contexts.Max(context => context.MostInFlight));
        Assert.Equal((0, 12), (Inputs<RunRequest>(contexts, "RunBatches")[0].First, Inputs<RunRequest>(contexts, "RunBatches")[0].Count));
    }

    [Fact]
    public async Task RunTurnAsync_what_acceptance_does_not_know_is_found_out_first()
    {
        var (contexts, states) = await RunAsync(new JobState { JobId = Id });
        Assert.Equal("BeginJob", contexts[0].Calls[0].Name);
        Assert.Equal(1, Calls(contexts, "BeginJob"));
        Assert.Equal(_plan.Inputs, states[^1].Counts.Succeeded);
    }

    [Fact]
    public async Task RunTurnAsync_sources_are_expanded_run_by_run_a_turn_each()
    {
        _expansions.Enqueue(_plan with { Inputs = 10, Expansion = new ExpansionPoint(0, 7) });
        _expansions.Enqueue(_plan with { Inputs = 20, Expansion = new ExpansionPoint(1, 8) });
        var (contexts, states) = await RunAsync(new JobState { JobId = Id });
        Assert.Equal(["BeginJob"], contexts[0].Calls.Select(call => call.Name));
        Assert.Equal(["ExpandSources"], contexts[1].Calls.Select(call => call.Name));
        Assert.Equal("ExpandSources", contexts[2].Calls[0].Name);
        Assert.Equal(
            [new ExpansionPoint(0, 7), new ExpansionPoint(1, 8)],
            Inputs<ExpandRequest>(contexts, "ExpandSources").Select(request => request.After));
        Assert.Equal((_plan.Inputs, _plan.Inputs), (states[^1].Counts.Succeeded, states[^1].Plan!.Inputs));
        AssertCovered(contexts, (int)_plan.Inputs);
    }

    [Fact]
    public async Task RunTurnAsync_a_state_of_a_later_build_fails_and_says_so()
    {
        var later = JsonSerializer.Deserialize($$"""{"job_id":"{{Id}}","version":3}""", JobJson.Default.JobState)!;
        var context = Context();

        var failure = await Assert.ThrowsAsync<WorkflowVersionException>(() => _workflow.RunTurnAsync(context, later));

        Assert.Equal("A later build wrote this state: version 3; this build knows up to 2. Resume it with that build.", failure.Message);
        Assert.Empty(context.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"version\":1,")]
    public async Task RunTurnAsync_a_state_of_an_earlier_build_continues_where_it_was(string version)
    {
        var earlier = JsonSerializer.Deserialize(
            $$$"""
            {{{{version}}}"job_id":"{{{Id}}}","plan":{"inputs":100,"batch_size":3,"window":4,"leg_batches":10,"batches":34},
            "next_batch":10,"parts":1,"counts":{"succeeded":30,"failed":0,"attempts":30,"bytes":0,"statuses":{}},
            "not_attempted":[],"cancelled":false}
            """, JobJson.Default.JobState)!;
        var (contexts, states) = await RunAsync(earlier);
        // Its history has calls that this build does not make, so it makes none before the next turn.
        Assert.Empty(contexts[0].Calls);
        Assert.Equal((100L, 100L, 2), (states[^1].Next, states[^1].Counts.Succeeded, states[^1].Parts));
        Assert.Equal(30, Inputs<RunRequest>(contexts, "RunBatches").Min(run => run.First));
        Assert.Equal(1, Assert.Single(Inputs<LegCommit>(contexts, "CommitLeg")).Part);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(50)]
    public async Task RunTurnAsync_the_window_is_never_over_max_workers_and_filled(int window)
    {
        _plan = _plan with { Window = window };
        var (contexts, _) = await RunAsync();
        Assert.Equal(window, contexts.Max(context => context.MostInFlight));
        AssertCovered(contexts, 1000);
    }

    [Fact]
    public async Task RunTurnAsync_killed_after_any_step_makes_the_same_calls_again()
    {
        _pace = 100;
        var whole = Context();
        var turn = await whole.FinishAsync(_workflow.RunTurnAsync(whole, Start()));
        var history = whole.Answers.Values.ToList();
        for (var known = 0; known <= history.Count; known++)
        {
            var again = Context(history[..known]);
            var second = await again.FinishAsync(_workflow.RunTurnAsync(again, Start()));
            Assert.Equal(whole.Calls, again.Calls);
            Assert.Equal(Json(turn.State), Json(second.State));
        }
    }

    [Fact]
    public async Task RunTurnAsync_runs_that_end_early_are_handed_out_again_lowest_first_and_the_leg_has_no_holes()
    {
        // Every run gives back all but its first inputs.
        _run = request => Result(Math.Min(request.Count, 1 + (request.First % 7)));
        var (contexts, states) = await RunAsync();
        Assert.Equal(1000, states[^1].Counts.Succeeded);
        AssertCovered(contexts, 1000);
        foreach (var commit in Inputs<LegCommit>(contexts, "CommitLeg"))
        {
            Assert.Equal(commit.Runs.Select(run => run[0]).Order(), commit.Runs.Select(run => run[0]));
            Assert.Equal(commit.Runs.Count, commit.Runs.DistinctBy(run => run[0]).Count());
        }
    }

    [Fact]
    public async Task RunTurnAsync_one_batch_an_activity_is_many_runs_in_bounded_legs()
    {
        _plan = _plan with { Inputs = 10_000, ActivityTime = TimeSpan.Zero };
        var (contexts, states) = await RunAsync();
        Assert.Equal(10_000, states[^1].Counts.Succeeded);
        Assert.All(Inputs<RunRequest>(contexts, "RunBatches"), run => Assert.InRange(run.Count, 1, 3));
        Assert.All(Inputs<LegCommit>(contexts, "CommitLeg"), commit => Assert.InRange(commit.Runs.Count, 1, 500));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(1000)]
    public async Task RunTurnAsync_a_leg_takes_about_its_time_at_the_last_ones_pace(int milliseconds)
    {
        _pace = milliseconds;
        _plan = _plan with { Inputs = 1_000_000 };
        var context = Context();
        var first = await context.FinishAsync(_workflow.RunTurnAsync(context, Start()));
        var second = Context();
        await second.FinishAsync(_workflow.RunTurnAsync(second, first.State));
        var inputs = Inputs<RunRequest>([second], "RunBatches");
        var worked = inputs.Max(run => run.First + run.Count) - first.State.Next;
        Assert.InRange(worked, 0.8 * 4 * 60_000 / milliseconds, (1.2 * 4 * 60_000 / milliseconds) + 12);
        Assert.InRange(inputs.Count, 1, 150);
    }

    [Fact]
    public async Task RunTurnAsync_a_store_that_becomes_slow_ends_the_leg_early_without_holes()
    {
        _pace = 1;
        _plan = _plan with { Inputs = 1_000_000 };
        var context = Context();
        var first = await context.FinishAsync(_workflow.RunTurnAsync(context, Start()));
        _pace = 2500;
        var second = Context();
        var turn = await second.FinishAsync(_workflow.RunTurnAsync(second, first.State));
        var commit = Assert.Single(Inputs<LegCommit>([second], "CommitLeg"));
        Assert.InRange(commit.Runs.Count, 500, 100_000);
        Assert.Equal(turn.State.Next, turn.State.Counts.Succeeded);
        Assert.False(turn.IsDone);
        Assert.True(turn.State.Next < first.State.Next + 240_000);
    }

    [Fact]
    public async Task RunTurnAsync_one_worker_ten_times_slower_delays_a_leg_by_at_most_one_run()
    {
        foreach (var inputs in new[] { 50, 500, 2_000, 5_000, 20_000 })
        {
            _plan = _plan with { Inputs = inputs };
            var (even, _) = await ElapsedAsync(slow: 1);
            var (uneven, legs) = await ElapsedAsync(slow: 10);
            // Three workers and a tenth do what four did.
            Assert.InRange(uneven, even, (even * 4 / 3.1) + (legs * _plan.ActivityTime));
        }
    }

    [Fact]
    public async Task RunTurnAsync_cancelled_drains_and_accounts_for_every_input()
    {
        _plan = _plan with { Inputs = 100 };
        // The second run sees the marker after one input, those behind it at once; the first was through.
        _run = request => request.First == 0 ? Result(request.Count) : Result(request.Block < 20 ? 1 : 0, isCancelled: true);
        var (contexts, states) = await RunAsync();
        var state = Assert.Single(states);
        Assert.True(state.Cancelled);
        Assert.Equal(100, state.Counts.Succeeded + state.NotAttempted.Sum(range => range[1]));
        Assert.Single(Inputs<LegCommit>(contexts, "CommitLeg"));
        Assert.All(state.NotAttempted.Zip(state.NotAttempted.Skip(1)), pair => Assert.True(pair.First[0] + pair.First[1] < pair.Second[0]));
        Assert.Equal(100, state.NotAttempted[^1][0] + state.NotAttempted[^1][1]);
    }

    [Fact]
    public async Task RunTurnAsync_cancelled_before_anything_was_tried_has_no_records()
    {
        _run = _ => Result(0, isCancelled: true);
        var (contexts, states) = await RunAsync();
        Assert.Equal([[0L, 1000L]], states[^1].NotAttempted);
        Assert.Equal(0, states[^1].Parts);
        Assert.Empty(Assert.Single(Inputs<LegCommit>(contexts, "CommitLeg")).Runs);
    }

    [Fact]
    public async Task RunTurnAsync_stops_the_other_workers_and_fails_when_an_activity_is_given_up()
    {
        _run = request => request.First > 0 ? throw new ActivityFailedException("RunBatches failed.") : Result(request.Count);
        var context = Context();
        await Assert.ThrowsAsync<ActivityFailedException>(() => context.FinishAsync(_workflow.RunTurnAsync(context, Start())));
        // The first had made room for a fifth when the second failed.
        Assert.Equal(5, context.Calls.Count(call => call.Name == "RunBatches"));
        Assert.DoesNotContain(context.Calls, call => call.Name is "CommitLeg");
        Assert.Equal(("AnnounceFailure", $"\"{Id}\""), context.Calls[^1]);
        Assert.Equal(0, context.InFlight);
    }

    [Fact]
    public async Task RunTurnAsync_a_failure_that_cannot_be_announced_is_still_the_jobs_own()
    {
        _run = _ => throw new ActivityFailedException("RunBatches failed.");
        var context = new ScriptedContext((name, input) =>
            name == "AnnounceFailure" ? throw new ActivityFailedException("AnnounceFailure failed.") : Answer(name, input));
        var failure = await Assert.ThrowsAsync<ActivityFailedException>(
            () => context.FinishAsync(_workflow.RunTurnAsync(context, Start())));
        Assert.Equal("RunBatches failed.", failure.Message);
    }

    [Fact]
    public async Task RunTurnAsync_a_refusal_fails_the_job()
    {
        _run = _ => Result(0) with { Refusal = "Not here." };
        var context = Context();
        var failure = await Assert.ThrowsAsync<ActivityFailedException>(
            () => context.FinishAsync(_workflow.RunTurnAsync(context, Start())));
        Assert.Equal("Not here.", failure.Message);
    }

    [Fact]
    public async Task RunTurnAsync_very_many_blocks_end_the_leg_early()
    {
        _plan = _plan with { Inputs = 200 };
        _run = request => Result(Math.Min(request.Count, 3)) with { Blocks = 6000 };
        var (contexts, states) = await RunAsync();
        Assert.Equal(200, states[^1].Counts.Succeeded);
        var commits = Inputs<LegCommit>(contexts, "CommitLeg");
        Assert.True(commits.Count > 1);
        AssertCovered(contexts, 200);
    }

    [Fact]
    public async Task RunTurnAsync_resumed_continues_from_the_checkpoint()
    {
        _plan = _plan with { Inputs = 2000, LegTime = TimeSpan.Zero };
        var (contexts, states) = await RunAsync();
        var checkpoint = Inputs<LegCommit>(contexts, "CommitLeg")[1].After;
        Assert.Equal(Json(states[1]), Json(checkpoint));
        var (again, rest) = await RunAsync(checkpoint);
        Assert.Equal(Json(states[^1]), Json(rest[^1]));
        Assert.Equal(0, Calls(again, "BeginJob"));
        Assert.Equal(2, Inputs<RunRequest>(again, "RunBatches").Min(run => run.Part));
    }

    [Fact]
    public async Task RunTurnAsync_reports_progress_from_the_start_and_as_runs_end()
    {
        var (contexts, _) = await RunAsync();
        var told = contexts.SelectMany(context => context.Progress).ToList();
        Assert.Equal(0, told[0].Succeeded);
        Assert.Equal(1000, told[^1].Succeeded);
        Assert.Equal(told.Select(progress => progress.Succeeded).Order(), told.Select(progress => progress.Succeeded));
        Assert.True(told.Count > Calls(contexts, "RunBatches"));
        Assert.All(told, progress => Assert.Equal(1000, progress.Total));
    }

    [Fact]
    public async Task RunTurnAsync_five_thousand_inputs_at_the_defaults_cost_few_activities()
    {
        _plan = JobPlan.For(
            new JobSpec { Id = Id, Kind = JobKind.Search, CreatedAt = default, BufferSize = 8, MaxWorkers = 5 }, 5_000, new JobOptions());
        foreach (var milliseconds in new[] { 1, 3, 5 })
        {
            _pace = milliseconds;
            var (contexts, _) = await RunAsync();
            Assert.InRange(contexts.Sum(context => context.Calls.Count), 1, 0.006 * 5_000);
        }
    }

    private static RunResult Result(long worked, bool isCancelled = false) => new()
    {
        Execution = 7,
        Blocks = worked > 0 ? 1 : 0,
        Worked = worked,
        Counts = new JobCounts { Succeeded = worked, Statuses = new Dictionary<string, long> { ["200"] = worked } },
        ElapsedMs = 10 * worked,
        IsCancelled = isCancelled,
    };

    private static string Json(JobState state) => JsonSerializer.Serialize(state, JobJson.Default.JobState);

    private static int Calls(IEnumerable<ScriptedContext> contexts, string name) =>
        contexts.SelectMany(context => context.Calls).Count(call => call.Name == name);

    private static List<T> Inputs<T>(IEnumerable<ScriptedContext> contexts, string name) =>
        [.. contexts.SelectMany(context => context.Calls).Where(call => call.Name == name)
            .Select(call => (T)JsonSerializer.Deserialize(call.Input, RunJson.Default.GetTypeInfo(typeof(T))!)!)];

    /// <summary>Every input was worked by one run, and its blocks are committed where they belong.</summary>
    private static void AssertCovered(List<ScriptedContext> contexts, long inputs)
    {
        var at = 0L;
        foreach (var context in contexts)
        {
            var start = at;
            foreach (var (request, result) in Runs(context).OrderBy(run => run.Request.First))
            {
                Assert.Equal(at, request.First);
                Assert.Equal(at - start, request.Block);
                at += result.Worked;
            }

            Assert.Equal(
                Runs(context).Where(run => run.Result.Worked > 0).Select(run => (long)run.Request.Block).Order(),
                Inputs<LegCommit>([context], "CommitLeg").SelectMany(commit => commit.Runs).Select(run => run[0]));
        }

        Assert.Equal(inputs, at);
    }

    private static IEnumerable<(RunRequest Request, RunResult Result)> Runs(ScriptedContext context) =>
        context.Answers.Where(answer => context.Calls[answer.Key].Name == "RunBatches").Select(answer => (
            JsonSerializer.Deserialize(context.Calls[answer.Key].Input, RunJson.Default.RunRequest)!,
            JsonSerializer.Deserialize(answer.Value, RunJson.Default.RunResult)!));

    private JobState Start() => new() { JobId = Id, Plan = _plan };

    private ScriptedContext Context(IReadOnlyList<string>? history = null) => new(Answer, history);

    private async Task<(List<ScriptedContext> Contexts, List<JobState> States)> RunAsync(JobState? state = null)
    {
        state ??= Start();
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

    /// <summary>How long a job takes when one of its workers is so many times slower than the others.</summary>
    private async Task<(TimeSpan Elapsed, int Legs)> ElapsedAsync(int slow)
    {
        var state = Start();
        var elapsed = TimeSpan.Zero;
        for (var legs = 1; ; legs++)
        {
            var context = new TimedContext(_plan, slow);
            var turn = await context.FinishAsync(_workflow.RunTurnAsync(context, state));
            elapsed += context.Elapsed;
            state = turn.State;
            if (turn.IsDone)
                return (elapsed, legs);
        }
    }

    private string Answer(string name, string input)
    {
        switch (name)
        {
            case "BeginJob":
            case "ExpandSources":
                return JsonSerializer.Serialize(_expansions.TryDequeue(out var plan) ? plan : _plan, JobJson.Default.JobPlan);
            case "RunBatches":
                var request = JsonSerializer.Deserialize(input, RunJson.Default.RunRequest)!;
                return JsonSerializer.Serialize(_run?.Invoke(request) ?? Work(request), RunJson.Default.RunResult);
            default:
                return "\"done\"";
        }
    }

    /// <summary>A run as it would go at the pace.</summary>
    private RunResult Work(RunRequest request)
    {
        var limit = (request.Limit ?? _plan.ActivityTime).TotalMilliseconds;
        var worked = limit == 0 ? Math.Min(request.Count, _plan.BatchSize) : Math.Min(request.Count, (long)Math.Ceiling(limit / _pace));
        return Result(worked) with { ElapsedMs = worked * _pace };
    }

    /// <summary>Runs a turn against workers that each have a clock, the first of them slower than the others.</summary>
    private sealed class TimedContext(JobPlan plan, int slow) : IWorkflowContext
    {
        private const int Pace = 20;

        private readonly PriorityQueue<Action, TimeSpan> _ends = new();
        private readonly SortedSet<int> _free = [.. Enumerable.Range(0, plan.Window)];

        public TimeSpan Elapsed { get; private set; }

        public string InstanceId => Id;

        public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch + Elapsed;

        public Task<TOut> CallAsync<TIn, TOut>(ActivityRef<TIn, TOut> activity, TIn input)
        {
            if (input is not RunRequest request)
                return Task.FromResult((TOut)(object)"done");
            var worker = _free.Min;
            _free.Remove(worker);
            var pace = worker == 0 ? Pace * slow : Pace;
            var limit = (request.Limit ?? plan.ActivityTime).TotalMilliseconds;
            var worked = Math.Min(request.Count, (long)Math.Ceiling(limit / pace));
            var result = new TaskCompletionSource<TOut>();
            _ends.Enqueue(() =>
            {
                _free.Add(worker);
                result.SetResult((TOut)(object)(Result(worked) with { ElapsedMs = worked * pace }));
            }, Elapsed + TimeSpan.FromMilliseconds(worked * pace));
            return result.Task;
        }

        public Task DelayAsync(TimeSpan delay) => throw new NotSupportedException();

        public void ReportProgress(JobProgress progress)
        {
        }

        public async Task<WorkflowTurn<JobState>> FinishAsync(Task<WorkflowTurn<JobState>> turn)
        {
            while (_ends.TryDequeue(out var end, out var at))
            {
                Elapsed = at;
                end();
            }

            return await turn.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }
}
