using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Local.Engine;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Workflow;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DicomFunctions.Local.Tests.Engine;

public sealed class EmbeddedEngineTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TestScript _script = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_engine_in_the_directory_is_refused_and_the_error_names_the_process()
    {
        _script.Workflow(_ => Task.CompletedTask);
        await using (await StartAsync())
        {
            var refused = await Assert.ThrowsAsync<DataDirectoryInUseException>(() => StartAsync());
            Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
            Assert.Contains($"process {Environment.ProcessId}.", refused.Message, StringComparison.Ordinal);
        }

        await using var next = await StartAsync();
        Assert.True(await next.StartAsync("a"));
    }

    [Fact]
    public async Task A_second_engine_is_refused_even_if_the_lock_file_is_deleted()
    {
        _script.Workflow(_ => Task.CompletedTask);
        await using var first = await StartAsync();
        File.Delete(Path.Combine(_folder.Path, "lock"));

        await Assert.ThrowsAsync<DataDirectoryInUseException>(() => StartAsync());
        Assert.True(await first.StartAsync("a"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1 12345")]
    [InlineData("999999999 12345")]
    [InlineData("x y")]
    public async Task A_process_that_does_not_hold_the_lock_is_never_named(string owner)
    {
        _script.Workflow(_ => Task.CompletedTask);
        await using var first = await StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "owner"), owner);

        var refused = await Assert.ThrowsAsync<DataDirectoryInUseException>(() => StartAsync());
        Assert.Contains("is in use by another process.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_file_that_cannot_be_opened_is_reported_as_such()
    {
        _script.Workflow(_ => Task.CompletedTask);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "lock"));

        var refused = await Assert.ThrowsAnyAsync<ObjectStoreException>(() => StartAsync());
        Assert.Contains("lock the data directory", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_includes_running_activities_and_never_decreases()
    {
        var release = new TaskCompletionSource();
        _script.Progress = _ => new JobProgress { Succeeded = 5, Failed = 2 };
        _script.Activity = async (input, _) =>
        {
            await release.Task;
            return input;
        };
        _script.Workflow(async context =>
        {
            context.ReportProgress(new JobProgress { Total = 30, Succeeded = 10 });
            await Task.WhenAll(context.CallAsync(TestScript.Act, "a"), context.CallAsync(TestScript.Act, "b"));
            context.ReportProgress(new JobProgress { Total = 30, Succeeded = 20, Failed = 4 });
            await context.DelayAsync(TimeSpan.FromHours(1));
        });
        await using var engine = await StartAsync();
        await engine.StartAsync("i");
        await Eventually.HoldsAsync(() => _script.Ran.Count == 2, "both run");
        var status = await engine.GetAsync("i", CancellationToken.None);
        Assert.Equal(new JobProgress { Total = 30, Succeeded = 20, Failed = 4 }, status!.Progress);

        release.SetResult();
        for (var i = 0; i < 1_000; i++)
            Assert.True((await engine.GetAsync("i", CancellationToken.None))!.Progress!.Done <= 24);
        await Eventually.HoldsAsync(
            async () => (await engine.GetAsync("i", CancellationToken.None))!.Progress
                == new JobProgress { Total = 30, Succeeded = 20, Failed = 4 },
            "the workflow has reported the same");
    }

    [Fact]
    public async Task The_output_of_an_activity_during_a_stop_is_kept()
    {
        _script.Activity = async (input, cancellationToken) =>
        {
            if (input == "run")
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return "half";
        };
        _script.Workflow(async context => await context.CallAsync(TestScript.Other, await context.CallAsync(TestScript.Act, "run")));
        await using (var engine = await StartAsync())
        {
            await engine.StartAsync("i");
            await Eventually.HoldsAsync(() => _script.Ran.Contains("run"), "it runs");
            await engine.StopAsync(CancellationToken.None).InTime();
        }

        await using var next = await StartAsync();
        Assert.Equal(WorkflowState.Completed, (await next.EndOfAsync("i"))!.State);
        Assert.Equal(1, _script.Times("run"));
        Assert.Equal(1, _script.Times("half"));
    }

    [Fact]
    public async Task Waiting_instances_hold_no_open_files()
    {
        if (!OperatingSystem.IsLinux())
            return;
        _script.Workflow(async context =>
        {
            await context.CallAsync(TestScript.Act, context.InstanceId);
            await context.DelayAsync(TimeSpan.FromHours(1));
        });
        await using var engine = await StartAsync();
        for (var i = 0; i < 200; i++)
            await engine.StartAsync($"i{i}");
        await Eventually.HoldsAsync(() => _script.Ran.Count == 200, "all have begun");
        var active = Path.Combine(_folder.Path, "active");
        await Eventually.HoldsAsync(
            () => !new DirectoryInfo("/proc/self/fd")
                .EnumerateFiles()
                .Any(file => file.LinkTarget?.StartsWith(active, StringComparison.Ordinal) == true),
            "no journal is open");
        Assert.Equal(200, Directory.GetFiles(active).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a\0b")]
    [InlineData("a\n")]
    public async Task A_hostile_id_is_refused(string id)
    {
        _script.Workflow(_ => Task.CompletedTask);
        await using var engine = await StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => engine.StartAsync(id));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.GetAsync(id, default));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.StartAsync(new string('a', 101)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("..")]
    [InlineData("a.00000001")]
    [InlineData("20261122-081653-k3f9x2")]
    public async Task An_odd_id_is_taken_literally(string id)
    {
        _script.Workflow(context => context.CallAsync(TestScript.Act, context.InstanceId));
        await using var engine = await StartAsync();
        Assert.True(await engine.StartAsync("a.00000001.00000000"));
        Assert.True(await engine.StartAsync(id));

        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync(id))!.State);
        Assert.Equal(1, _script.Times(id));
    }

    [Fact]
    public async Task An_unknown_workflow_is_not_started()
    {
        await using var engine = await StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => engine.StartAsync("a"));
        Assert.Null(await engine.GetAsync("a", default));
    }

    [Fact]
    public async Task A_stopped_engine_says_so()
    {
        _script.Activity = (_, cancellationToken) => EngineUnderTest.HoldAsync(cancellationToken);
        _script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        var engine = await StartAsync();
        await engine.StartAsync("a");
        var wait = engine.EndOfAsync("a");
        await engine.DisposeAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.StartAsync("b"));
        await engine.DisposeAsync();
    }

    [Fact]
    public async Task No_two_turns_begin_at_the_same_time_even_if_the_clock_stands_still()
    {
        var begun = new List<DateTimeOffset>();
        _script.Workflow(async (context, state) =>
        {
            begun.Add(context.UtcNow);
            await context.CallAsync(TestScript.Act, state);
            return state.Length < 3 ? WorkflowTurn.Continue(state + "x") : WorkflowTurn.Done(state);
        });
        var options = new EmbeddedEngineOptions { Directory = _folder.Path };
        await using var engine = new EmbeddedEngine(_script.Catalog(), options, new TestClock(), NullLogger<EmbeddedEngine>.Instance);
        await engine.StartAsync(CancellationToken.None);
        await engine.StartAsync("a");

        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("a"))!.State);
        Assert.Equal(4, begun.Distinct().Count());
        Assert.Equal(begun.Order(), begun);
    }

    [Fact]
    public async Task A_stop_does_not_wait_forever_for_an_activity_that_ignores_it()
    {
        var never = new TaskCompletionSource<string>();
        _script.Activity = (_, _) => never.Task;
        _script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        await using (var engine = await StartAsync(options => options with { StopTimeout = TimeSpan.FromMilliseconds(20) }))
        {
            await engine.StartAsync("a");
            await Eventually.HoldsAsync(() => _script.Times("x") == 1, "the activity runs");
            await engine.StopAsync(default).InTime();
            never.SetResult("too late");
        }

        _script.Activity = (input, _) => Task.FromResult(input);
        await using var next = await StartAsync();
        Assert.Equal(WorkflowState.Completed, (await next.EndOfAsync("a"))!.State);
        Assert.Equal(2, _script.Times("x"));
    }

    [Fact]
    public async Task An_instance_that_is_not_resumed_stays_unchanged_until_it_is_requested()
    {
        _script.Activity = (input, cancellationToken) =>
            _script.Times(input) == 1 || input == "terminated"
                ? EngineUnderTest.HoldAsync(cancellationToken)
                : Task.FromResult(input);
        _script.Workflow(async (context, state) => WorkflowTurn.Done(await context.CallAsync(TestScript.Act, state)));
        await using (var engine = await StartAsync())
        {
            foreach (var id in (string[])["awaited", "started", "terminated", "left"])
                await engine.StartAsync(id, id);
            await Eventually.HoldsAsync(() => _script.Ran.Count == 4, "all run");
        }

        await using (var engine = await StartAsync(options => options with { Resumes = _ => false }))
        {
            foreach (var id in (string[])["awaited", "started", "terminated", "left"])
                Assert.True((await engine.GetAsync(id, default))!.IsActive);
            Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("awaited"))!.State);
            Assert.False(await engine.StartAsync("started", "anew"));
            Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("started"))!.State);
            Assert.True(await engine.TerminateAsync("terminated", "why", default));
            Assert.False(await engine.PurgeAsync("left", default));
            Assert.Equal(1, _script.Times("left"));
            Assert.Equal(0, _script.Times("anew"));
        }

        await using var last = await StartAsync();
        Assert.Equal(WorkflowState.Completed, (await last.EndOfAsync("left"))!.State);
    }

    [Fact]
    public async Task A_large_instance_does_not_hold_up_a_small_one()
    {
        var smallHasCalled = new TaskCompletionSource();
        _script.Activity = async (input, _) =>
        {
            await smallHasCalled.Task;
            return input;
        };
        _script.Workflow(async (context, state) =>
        {
            var calls = Task.WhenAll(
                Enumerable.Range(0, int.Parse(state)).Select(i => context.CallAsync(TestScript.Act, $"{context.InstanceId}{i}")));
            if (context.InstanceId == "small")
                smallHasCalled.TrySetResult();
            await calls;
            return WorkflowTurn.Done(state);
        });
        await using var engine = await StartAsync(options => options with { MaxConcurrentActivities = 1 });
        await engine.StartAsync("large", "100");
        await Eventually.HoldsAsync(() => _script.Ran.Count == 1, "the large one is running");
        await engine.StartAsync("small", "5");
        await engine.EndOfAsync("small");
        await engine.EndOfAsync("large");

        var last = _script.Ran.ToList().IndexOf("small4");
        Assert.InRange(last, 5, 14);
    }

    [Fact]
    public async Task A_workflow_that_awaits_something_outside_its_context_fails_and_says_why()
    {
        var foreign = new TaskCompletionSource();
        _script.Workflow(_ => foreign.Task, "Awaits");
        _script.Workflow(
            async context => await Task.WhenAll(context.CallAsync(TestScript.Act, "held"), AwaitThenCallAsync(context)), "AwaitsBeside");
        _script.Workflow(
            async context =>
            {
                await context.CallAsync(TestScript.Act, "x").ConfigureAwait(false);
                await context.CallAsync(TestScript.Act, "y").ConfigureAwait(false);
            },
            "LeavesItsContext");
        _script.Activity = (input, cancellationToken) => input == "held"
            ? EngineUnderTest.HoldAsync(cancellationToken)
            : Task.FromResult(input);
        await using var engine = await StartAsync();
        foreach (var workflow in (string[])["Awaits", "AwaitsBeside", "LeavesItsContext"])
        {
            await engine.StartAsync(workflow, workflow: workflow);
            if (workflow == "AwaitsBeside")
            {
                await Eventually.HoldsAsync(() => _script.Times("held") == 1, "the workflow waits");
                foreign.SetResult();
            }

            var status = await engine.EndOfAsync(workflow);
            Assert.Equal(WorkflowState.Failed, status!.State);
            Assert.StartsWith("The workflow awaited something outside its context", status.Failure, StringComparison.Ordinal);
        }

        async Task AwaitThenCallAsync(IWorkflowContext context)
        {
            await foreign.Task;
            await context.CallAsync(TestScript.Act, "after");
        }
    }

    [Fact]
    public async Task A_reason_contains_no_message_of_unknown_origin()
    {
        _script.Activity = (_, _) => throw new IOException("DOE^JANE.dcm was not found");
        _script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        await using var engine = await StartAsync();
        await engine.StartAsync("a");

        Assert.Equal("Activity 'Act' failed 3 times. Last failure: IOException", (await engine.EndOfAsync("a"))!.Failure);
    }

    [Fact]
    public async Task An_unknown_activity_is_not_retried()
    {
        var unknown = TestScript.Act with { Name = "Unknown" };
        _script.Workflow(context => context.CallAsync(unknown, "x"));
        await using var engine = await StartAsync();
        await engine.StartAsync("a");

        Assert.Equal(
            "Activity 'Unknown' failed 1 times. Last failure: There is no activity named 'Unknown'.",
            (await engine.EndOfAsync("a"))!.Failure);
    }

    [Fact]
    public async Task An_ended_instance_leaves_only_its_end_and_a_purged_one_nothing()
    {
        _script.Workflow(async (context, state) =>
        {
            await context.CallAsync(TestScript.Act, state);
            return state.Length < 3 ? WorkflowTurn.Continue(state + "x") : WorkflowTurn.Done(state);
        });
        await using var engine = await StartAsync();
        await engine.StartAsync("a");
        await engine.EndOfAsync("a");
        Assert.Empty(Directory.GetFiles(_folder.Combine("active")));
        Assert.Equal([_folder.Combine("ended", "a.json")], Directory.GetFiles(_folder.Combine("ended")));

        await engine.PurgeAsync("a", default);
        Assert.Empty(Directory.GetFiles(_folder.Combine("ended")));
    }

    [Fact]
    public async Task An_output_of_a_repeatable_activity_is_delivered_at_once_but_others_start_only_when_it_is_durable()
    {
        var (delivered, maySync) = (new TaskCompletionSource(), new TaskCompletionSource());
        var isArmed = false;
        _script.Workflow(async context =>
        {
            isArmed = true;
            await context.CallAsync(TestScript.Repeatable, "first");
            await context.CallAsync(TestScript.Repeatable, "second");
            delivered.SetResult();
            await context.CallAsync(TestScript.Act, "third");
        });
        await using var engine = await StartAsync(
            options => options with { SyncEffects = () => isArmed ? maySync.Task : Task.CompletedTask });
        await engine.StartAsync("a");
        await delivered.Task.InTime();
        Assert.Equal(0, _script.Times("third"));
        Assert.DoesNotContain(
            "\"first\"", await File.ReadAllTextAsync(_folder.Combine("active", "a.00000000.journal")), StringComparison.Ordinal);

        maySync.SetResult();
        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("a"))!.State);
        Assert.Equal(["first", "second", "third"], _script.Ran);
    }

    [Fact]
    public async Task Effects_that_cannot_be_made_durable_are_repeated()
    {
        var failures = 1;
        _script.Workflow(async context =>
        {
            await context.CallAsync(TestScript.Repeatable, "effect");
            await context.CallAsync(TestScript.Act, "after");
        });
        await using var engine = await StartAsync(options => options with
        {
            SyncEffects = () => _script.Times("effect") == 1 && failures-- > 0
                ? throw new ObjectStoreException("The effect is lost.")
                : Task.CompletedTask,
        });
        await engine.StartAsync("a");

        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("a"))!.State);
        Assert.Equal(["effect", "effect", "after"], _script.Ran);
    }

    [TinyDiskFact]
    public async Task A_full_disk_refuses_new_instances_and_holds_up_running_ones_until_there_is_space()
    {
        using var disk = new TinyDisk(64);
        var filler = Path.Combine(disk.Path, "filler");
        var isFull = new TaskCompletionSource();
        _script.Activity = async (input, _) =>
        {
            await isFull.Task;
            return new string('x', 5000);
        };
        _script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        await using var engine = await EngineUnderTest.StartAsync(disk.Path, _script);
        await engine.StartAsync("a");
        Fill();

        var refused = await Assert.ThrowsAsync<ObjectStoreException>(() => engine.StartAsync("b"));
        Assert.Contains("the disk is full", refused.Message, StringComparison.Ordinal);
        Assert.Null(await engine.GetAsync("b", default));
        isFull.SetResult();
        await Eventually.HoldsAsync(() => _script.Times("x") >= 2, "the instance has returned to its durable state");
        Assert.True((await engine.GetAsync("a", default))!.IsActive);

        File.Delete(filler);
        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("a"))!.State);
        Assert.True(await engine.StartAsync("b"));
        Assert.Equal(WorkflowState.Completed, (await engine.EndOfAsync("b"))!.State);

        void Fill()
        {
            using var file = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            try
            {
                while (true)
                {
                    file.Write(new byte[1024]);
                }
            }
            catch (IOException)
            {
                // Full.
            }
        }
    }

    private Task<EmbeddedEngine> StartAsync(Func<EmbeddedEngineOptions, EmbeddedEngineOptions>? change = null) =>
        EngineUnderTest.StartAsync(_folder.Path, _script, change);
}
