using System.Collections.Concurrent;
using DicomFunctions.Core.Workflow;
using Xunit;

namespace DicomFunctions.Testing.Workflow;

/// <summary>The same for an engine whose process a test can end and start again.</summary>
public abstract class RestartableWorkflowEngineSuite : WorkflowEngineSuite
{
    /// <summary>
    /// Stops the engine of <see cref="WorkflowEngineSuite.StartEngineAsync(WorkflowCatalog, EngineSetup)"/> and starts another over what it
    /// kept.
    /// </summary>
    private protected abstract Task<IWorkflowEngine> RestartEngineAsync(WorkflowCatalog catalog, EngineSetup setup);

    private protected Task<IWorkflowEngine> RestartEngineAsync(EngineSetup? setup = null) =>
        RestartEngineAsync(Script.Catalog(), setup ?? new EngineSetup());

    [Fact]
    public async Task After_a_restart_what_was_done_is_not_done_again_and_what_was_not_is()
    {
        var deliveries = new ConcurrentQueue<string>();
        Script.Activity = async (input, cancellationToken) =>
        {
            if (input == "third" && Script.Times(input) == 1)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return input;
        };
        Script.Workflow(async context =>
        {
            var seen = new List<string>();
            foreach (var input in (string[])["first", "second", "third", "fourth"])
                seen.Add(await context.CallAsync(TestScript.Act, input));
            deliveries.Enqueue(string.Join(',', seen));
        });
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);
        await Eventually.HoldsAsync(() => Script.Times("third") == 1, "the third activity runs");
        engine = await RestartEngineAsync();

        Assert.Equal(WorkflowState.Completed, (await EndOfAsync(engine, "a")).State);
        Assert.Equal((1, 1, 2, 1), (Script.Times("first"), Script.Times("second"), Script.Times("third"), Script.Times("fourth")));
        Assert.Equal(["first,second,third,fourth"], deliveries);
    }

    [Fact]
    public async Task The_workflows_clock_tells_the_same_times_when_a_turn_is_run_again()
    {
        var runs = new ConcurrentQueue<List<DateTimeOffset>>();
        Script.Activity = async (input, cancellationToken) =>
        {
            if (input == "held" && Script.Times(input) == 1)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return input;
        };
        Script.Workflow(async context =>
        {
            var times = new List<DateTimeOffset> { context.UtcNow };
            runs.Enqueue(times);
            await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
            {
                await context.CallAsync(i % 2 == 0 ? TestScript.Act : TestScript.Repeatable, $"{i}");
                times.Add(context.UtcNow);
            }));
            await context.DelayAsync(TimeSpan.FromMilliseconds(10));
            times.Add(context.UtcNow);
            await context.CallAsync(TestScript.Act, "held");
        });
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);
        await Eventually.HoldsAsync(() => Script.Times("held") == 1, "the turn is at its last call");
        engine = await RestartEngineAsync();
        await EndOfAsync(engine, "a");

        AssertSame(runs, 12);
        Assert.Equal(runs.Last().Order(), runs.Last());
    }

    [Fact]
    public async Task Results_come_in_the_same_order_when_a_turn_is_run_again()
    {
        var runs = new ConcurrentQueue<ConcurrentQueue<string>>();
        Script.Activity = async (input, cancellationToken) =>
        {
            await Task.Yield();
            if (input == "held" && Script.Times(input) == 1)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return input;
        };
        Script.Workflow(async context =>
        {
            var order = new ConcurrentQueue<string>();
            runs.Enqueue(order);
            var next = 0;
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LaneAsync()));
            await context.CallAsync(TestScript.Act, "held");

            async Task LaneAsync()
            {
                while (next < 60)
                    order.Enqueue(await context.CallAsync(next % 3 == 0 ? TestScript.Act : TestScript.Repeatable, $"{next++}"));
            }
        });
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);
        await Eventually.HoldsAsync(() => Script.Times("held") == 1, "the turn is at its last call");
        engine = await RestartEngineAsync();
        await EndOfAsync(engine, "a");

        AssertSame(runs, 60);
        Assert.Equal(61, Script.Ran.Distinct().Count());
        Assert.Equal(62, Script.Ran.Count);
    }

    [Fact]
    public async Task A_later_turn_goes_on_with_its_own_state()
    {
        Script.Activity = async (input, cancellationToken) =>
        {
            if (input == "3" && Script.Times(input) == 1)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return input;
        };
        Script.Workflow(async (context, state) =>
        {
            context.ReportProgress(new JobProgress { Total = 5, Succeeded = state.Length });
            await context.CallAsync(TestScript.Act, $"{state.Length}");
            return state.Length < 5 ? WorkflowTurn.Continue(state + "x") : WorkflowTurn.Done(state);
        });
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);
        await Eventually.HoldsAsync(() => Script.Times("3") == 1, "the fourth turn is under way");
        engine = await RestartEngineAsync();
        var status = await EndOfAsync(engine, "a");

        Assert.Equal(["0", "1", "2", "3", "3", "4", "5"], Script.Ran);
        Assert.Equal(5, status.Progress!.Succeeded);
    }

    [Fact]
    public async Task How_instances_ended_is_known_after_a_restart_and_they_are_not_run_again()
    {
        Script.Workflow(context => context.CallAsync(TestScript.Act, context.InstanceId));
        Script.Workflow(_ => throw new InvalidOperationException("a defect"), "Bad");
        var engine = await StartEngineAsync();
        await RunAsync(engine, "good");
        await engine.StartAsync(TestScript.Ref("Bad"), "bad", "", None);
        var failed = await EndOfAsync(engine, "bad");
        engine = await RestartEngineAsync();

        Assert.Equal(WorkflowState.Completed, (await engine.GetAsync("good", None))!.State);
        Assert.Equal(failed, await engine.GetAsync("bad", None));
        Assert.Equal(1, Script.Times("good"));
    }

    [Fact]
    public async Task A_delay_goes_on_after_a_restart()
    {
        Script.Workflow(async context =>
        {
            await context.CallAsync(TestScript.Act, "before");
            await context.DelayAsync(TimeSpan.FromMilliseconds(300));
            await context.CallAsync(TestScript.Act, "after");
        });
        var engine = await StartEngineAsync();
        await engine.StartAsync(TestScript.Ref(), "a", "", None);
        await Eventually.HoldsAsync(() => Script.Times("before") == 1, "the delay is about to begin");
        engine = await RestartEngineAsync();
        await EndOfAsync(engine, "a");

        Assert.Equal(1, Script.Times("after"));
    }

    /// <summary>
    /// That every run of a turn saw the same as far as it went, one before the restart and one after it all of it. An engine may also run
    /// a turn again whenever something has come for it.
    /// </summary>
    private static void AssertSame<T>(IEnumerable<IReadOnlyCollection<T>> runs, int all)
    {
        Assert.All(runs, run => Assert.Equal(runs.Last().Take(run.Count), run));
        Assert.True(runs.Count(run => run.Count == all) >= 2);
    }
}
