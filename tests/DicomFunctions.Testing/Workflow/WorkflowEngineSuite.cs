using System.Collections.Concurrent;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Workflow;
using Xunit;

namespace DicomFunctions.Testing.Workflow;

/// <summary>What every <see cref="IWorkflowEngine"/> promises. An engine passes by inheriting this.</summary>
public abstract class WorkflowEngineSuite
{
    private protected static CancellationToken None => CancellationToken.None;

    /// <summary>Workflows and activities of the test.</summary>
    private protected TestScript Script { get; } = new();

    /// <summary>Starts the engine under test, once per test.</summary>
    private protected abstract Task<IWorkflowEngine> StartEngineAsync(WorkflowCatalog catalog, EngineSetup setup);

    private protected Task<IWorkflowEngine> StartEngineAsync(EngineSetup? setup = null) =>
        StartEngineAsync(Script.Catalog(), setup ?? new EngineSetup());

    [Fact]
    public async Task A_workflow_that_calls_nothing_completes()
    {
        Script.Workflow(_ => Task.CompletedTask);
        var engine = await StartEngineAsync();

        Assert.True(await engine.StartAsync(TestScript.Ref(), "a", "", None));
        var status = await EndOfAsync(engine, "a");
        Assert.Equal(WorkflowState.Completed, status.State);
        Assert.Equal(("a", "Test"), (status.InstanceId, status.Name));
        Assert.Null(status.Failure);
        Assert.True(status.CreatedAt <= status.UpdatedAt);
    }

    [Fact]
    public async Task Calls_awaited_run_one_after_the_other_and_give_their_outputs()
    {
        var outputs = new ConcurrentQueue<string>();
        Script.Workflow(async context =>
        {
            for (var i = 0; i < 5; i++)
                outputs.Enqueue(await context.CallAsync(TestScript.Act, $"{i}"));
        });
        var engine = await StartEngineAsync();
        await RunAsync(engine, "a");

        Assert.Equal(["0", "1", "2", "3", "4"], Script.Ran);
        Assert.Equal(["[0]", "[1]", "[2]", "[3]", "[4]"], outputs.TakeLast(5));
        Assert.Equal(1, Script.MostAtOnce);
    }

    [Fact]
    public async Task Calls_not_awaited_run_side_by_side()
    {
        var allBegun = new CountdownEvent(4);
        Script.Activity = async (input, cancellationToken) =>
        {
            allBegun.Signal();
            await Eventually.HoldsAsync(() => allBegun.IsSet, "all four run at once");
            return input;
        };
        string? joined = null;
        Script.Workflow(async context =>
            joined = string.Concat(await Task.WhenAll(Enumerable.Range(0, 4).Select(i => context.CallAsync(TestScript.Act, $"{i}")))));
        var engine = await StartEngineAsync();
        await RunAsync(engine, "a");

        Assert.Equal("0123", joined);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_window_of_lanes_works_through_all_and_no_more_at_once(int lanes)
    {
        Script.Activity = async (input, _) =>
        {
            await Task.Yield();
            return input;
        };
        Script.Workflow(context =>
        {
            var next = 0;
            return Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => LaneAsync()));

            async Task LaneAsync()
            {
                while (next < 40)
                {
                    var input = $"{next++}";
                    Assert.Equal(input, await context.CallAsync(TestScript.Repeatable, input));
                }
            }
        });
        var engine = await StartEngineAsync();
        await RunAsync(engine, "a");

        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}").Order(), Script.Ran.Order());
        Assert.InRange(Script.MostAtOnce, 1, lanes);
    }

    [Fact]
    public async Task An_activity_that_throws_is_tried_again()
    {
        Script.Activity = (input, _) => Script.Times(input) < 3 ? throw new IOException("flaky") : Task.FromResult("at last");
        string? output = null;
        Script.Workflow(async context => output = await context.CallAsync(TestScript.Act, "x"));
        var engine = await StartEngineAsync();
        await RunAsync(engine, "a");

        Assert.Equal("at last", output);
        Assert.Equal(3, Script.Times("x"));
    }

    [Fact]
    public async Task An_activity_that_fails_for_good_is_an_exception_the_workflow_can_catch()
    {
        Script.Activity = (input, _) => input == "bad" ? throw new IOException("broken") : Task.FromResult(input);
        var caught = false;
        Script.Workflow(async context =>
        {
            try
            {
                await context.CallAsync(TestScript.Act, "bad");
            }
            catch (ActivityFailedException)
            {
                caught = true;
            }

            await context.CallAsync(TestScript.Act, "good");
        });
        var engine = await StartEngineAsync();
        await RunAsync(engine, "a");

        Assert.True(caught);
        Assert.Equal((3, 1), (Script.Times("bad"), Script.Times("good")));
    }

    [Fact]
    public async Task A_failure_nobody_catches_fails_the_instance_and_no_other()
    {
        Script.Activity = (input, _) => input == "bad" ? throw new IOException("broken") : Task.FromResult(input);
        Script.Workflow(async (context, state) =>
        {
            await context.CallAsync(TestScript.Act, state);
            return WorkflowTurn.Done(state);
        });
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "bad", "bad", None);
        await engine.StartAsync(TestScript.Ref(), "good", "good", None);

        var failed = await EndOfAsync(engine, "bad");
        Assert.Equal(WorkflowState.Failed, failed.State);
        Assert.False(string.IsNullOrEmpty(failed.Failure));
        Assert.Equal(WorkflowState.Completed, (await EndOfAsync(engine, "good")).State);
    }

    [Theory]
    [InlineData(true, "Log in first.")]
    [InlineData(false, "IOException")]
    public async Task A_failure_tells_a_message_known_to_be_safe_and_otherwise_the_type_alone(bool isSafe, string expected)
    {
        Script.Activity = (_, _) => throw (isSafe ? new AccessTokenException("Log in first.") : new IOException("/in/doe^john.dcm"));
        Script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);
        Assert.EndsWith($"Last failure: {expected}", (await EndOfAsync(engine, "a")).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workflow_that_throws_fails()
    {
        Script.Workflow(async context =>
        {
            await context.CallAsync(TestScript.Act, "x");
            throw new InvalidOperationException("a defect");
        });
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);

        Assert.Equal(WorkflowState.Failed, (await EndOfAsync(engine, "a")).State);
    }

    [Fact]
    public async Task A_turn_that_continues_hands_its_state_to_the_next()
    {
        Script.Workflow(async (context, state) =>
        {
            var next = await context.CallAsync(TestScript.Act, state);
            return next.Length < 10 ? WorkflowTurn.Continue(next) : WorkflowTurn.Done(next);
        });
        var engine = await StartEngineAsync();
        await RunAsync(engine, "a", "x");

        Assert.Equal(["x", "[x]", "[[x]]", "[[[x]]]", "[[[[x]]]]"], Script.Ran);
    }

    [Fact]
    public async Task A_turn_may_end_with_calls_nobody_awaits()
    {
        Script.Workflow(async (context, state) =>
        {
            _ = context.CallAsync(TestScript.Act, $"stray{state}");
            await context.CallAsync(TestScript.Act, $"awaited{state}");
            return state.Length < 2 ? WorkflowTurn.Continue(state + "x") : WorkflowTurn.Done(state);
        });
        var engine = await StartEngineAsync();
        await RunAsync(engine, "a");

        Assert.Equal((1, 1, 1), (Script.Times("awaited"), Script.Times("awaitedx"), Script.Times("awaitedxx")));
    }

    [Fact]
    public async Task A_delay_is_over_after_its_time_by_the_workflows_clock()
    {
        var waited = TimeSpan.Zero;
        Script.Workflow(async context =>
        {
            var start = context.UtcNow;
            await context.DelayAsync(TimeSpan.FromMilliseconds(50));
            waited = context.UtcNow - start;
        });
        var engine = await StartEngineAsync();
        await RunAsync(engine, "a");

        Assert.InRange(waited, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Progress_is_seen_while_it_runs_and_after()
    {
        var mayEnd = new TaskCompletionSource();
        Script.Activity = async (input, _) =>
        {
            await mayEnd.Task;
            return input;
        };
        Script.Workflow(async (context, state) =>
        {
            context.ReportProgress(new JobProgress { Total = 10, Succeeded = 3 });
            context.ReportProgress(new JobProgress { Total = 10, Succeeded = 4, Failed = 1 });
            await context.CallAsync(TestScript.Act, "x");
            return state == "" ? WorkflowTurn.Continue("last") : WorkflowTurn.Done(state);
        });
        var expected = new JobProgress { Total = 10, Succeeded = 4, Failed = 1 };
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);

        await Eventually.HoldsAsync(async () => (await engine.GetAsync("a", None))?.Progress == expected, "progress is seen");
        Assert.Equal(WorkflowState.Running, (await engine.GetAsync("a", None))!.State);
        mayEnd.SetResult();
        Assert.Equal(expected, (await EndOfAsync(engine, "a")).Progress);
    }

    [Fact]
    public async Task An_instance_under_way_is_not_started_again()
    {
        var mayEnd = new TaskCompletionSource();
        Script.Activity = async (input, _) =>
        {
            await mayEnd.Task;
            return input;
        };
        Script.Workflow(async (context, state) => WorkflowTurn.Done(await context.CallAsync(TestScript.Act, state)));
        var engine = await StartEngineAsync();

        Assert.True(await engine.StartAsync(TestScript.Ref(), "a", "first", None));
        Assert.False(await engine.StartAsync(TestScript.Ref(), "a", "second", None));
        mayEnd.SetResult();
        await EndOfAsync(engine, "a");
        Assert.Equal(["first"], Script.Ran);
    }

    [Fact]
    public async Task Of_many_who_start_one_instance_at_once_one_does()
    {
        var mayEnd = new TaskCompletionSource();
        Script.Activity = async (input, _) =>
        {
            await mayEnd.Task;
            return input;
        };
        Script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        var engine = await StartEngineAsync();
        var started = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(() => engine.StartAsync(TestScript.Ref(), "a", "", None))));

        Assert.Single(started, one => one);
        mayEnd.SetResult();
        await EndOfAsync(engine, "a");
    }

    [Fact]
    public async Task An_instance_that_has_ended_can_be_started_anew()
    {
        Script.Workflow(async (context, state) => WorkflowTurn.Done(await context.CallAsync(TestScript.Act, state)));
        var engine = await StartEngineAsync();
        for (var i = 0; i < 3; i++)
            await RunAsync(engine, "a", $"{i}");

        Assert.Equal(["0", "1", "2"], Script.Ran);
    }

    [Fact]
    public async Task Nothing_is_known_of_an_instance_never_started()
    {
        Script.Workflow(_ => Task.CompletedTask);
        var engine = await StartEngineAsync();

        Assert.Null(await engine.GetAsync("none", None));
        Assert.Null(await engine.WaitAsync("none", None).InTime());
        Assert.False(await engine.TerminateAsync("none", "why", None));
        Assert.False(await engine.PurgeAsync("none", None));
    }

    [Fact]
    public async Task A_wait_can_be_given_up()
    {
        Script.Activity = (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => "", None);
        Script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);
        using var cancel = new CancellationTokenSource();
        var wait = engine.WaitAsync("a", cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.InTime());
        await engine.TerminateAsync("a", "the test is over", None);
    }

    [Fact]
    public async Task A_terminated_instance_ends_at_once_and_goes_no_further()
    {
        var mayEnd = new TaskCompletionSource();
        Script.Activity = async (input, _) =>
        {
            await mayEnd.Task;
            return input;
        };
        Script.Workflow(async context =>
        {
            await context.CallAsync(TestScript.Act, "first");
            await context.CallAsync(TestScript.Act, "second");
        });
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);
        await Eventually.HoldsAsync(() => Script.Times("first") == 1, "the first activity runs");

        Assert.True(await engine.TerminateAsync("a", "no longer wanted", None));
        var status = await EndOfAsync(engine, "a");
        Assert.Equal((WorkflowState.Terminated, "no longer wanted"), (status.State, status.Failure));
        Assert.False(await engine.TerminateAsync("a", "again", None));
        mayEnd.SetResult();
        Assert.Equal(0, Script.Times("second"));
    }

    [Fact]
    public async Task An_instance_is_purged_once_it_has_ended()
    {
        var mayEnd = new TaskCompletionSource();
        Script.Activity = async (input, _) =>
        {
            await mayEnd.Task;
            return input;
        };
        Script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);

        Assert.False(await engine.PurgeAsync("a", None));
        mayEnd.SetResult();
        await EndOfAsync(engine, "a");
        Assert.True(await engine.PurgeAsync("a", None));
        Assert.Null(await engine.GetAsync("a", None));
        Assert.False(await engine.PurgeAsync("a", None));
    }

    [Fact]
    public async Task Text_of_all_kinds_goes_in_and_comes_out_as_it_was()
    {
        const string Odd = "line\nfeed\r\ttab \"quoted\" \\ back </script> MÜLLER^山田 \U0001F9E0 \0 \u2028";
        string? output = null;
        Script.Workflow(async (context, state) =>
        {
            output = await context.CallAsync(TestScript.Act, state);
            return WorkflowTurn.Done(output);
        });
        var engine = await StartEngineAsync();
        await RunAsync(engine, "a", Odd);

        Assert.Equal([Odd], Script.Ran);
        Assert.Equal($"[{Odd}]", output);
    }

    [Fact]
    public async Task Many_instances_at_once_all_complete()
    {
        Script.Workflow(async (context, state) =>
        {
            await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.CallAsync(TestScript.Act, $"{context.InstanceId}/{i}")));
            return WorkflowTurn.Done(state);
        });
        var engine = await StartEngineAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => RunAsync(engine, $"i{i}")));

        Assert.Equal(200, Script.Ran.Distinct().Count());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task No_more_activities_run_at_once_than_the_engine_may(int maxConcurrent)
    {
        Script.Activity = async (input, _) =>
        {
            await Task.Yield();
            return input;
        };
        Script.Workflow(context => Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
            context.CallAsync(i % 2 == 0 ? TestScript.Act : TestScript.Repeatable, $"{context.InstanceId}/{i}"))));
        var engine = await StartEngineAsync(new EngineSetup { MaxConcurrentActivities = maxConcurrent });
        await Task.WhenAll(Enumerable.Range(0, 3).Select(i => RunAsync(engine, $"i{i}")));

        Assert.InRange(Script.MostAtOnce, 1, maxConcurrent);
        Assert.Equal(90, Script.Ran.Count);
    }

    /// <summary>Runs an instance to its successful end.</summary>
    private protected async Task RunAsync(IWorkflowEngine engine, string id, string state = "")
    {
        Assert.True(await engine.StartAsync(TestScript.Ref(), id, state, None));
        var status = await EndOfAsync(engine, id);
        Assert.True(status.State is WorkflowState.Completed, $"{status.State}: {status.Failure}");
    }

    /// <summary>Waits for an instance's end.</summary>
    private protected static async Task<WorkflowStatus> EndOfAsync(IWorkflowEngine engine, string id)
    {
        var status = await engine.WaitAsync(id, None).InTime();
        Assert.NotNull(status);
        return status;
    }
}
