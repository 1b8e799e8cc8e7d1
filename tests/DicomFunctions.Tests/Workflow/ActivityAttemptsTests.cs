using DicomFunctions.App.Tests.Durable;
using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using DicomFunctions.Testing.Workflow;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DicomFunctions.App.Tests.Workflow;

/// <summary>What uses up an activity's attempts: its own failures, and not the death of whoever ran it.</summary>
public sealed class ActivityAttemptsTests
{
    private static readonly ActivityRetry Retry = new() { MaxAttempts = 3, FirstDelay = TimeSpan.Zero };

    private readonly TestScript _script = new();

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(40)]
    public async Task Workers_that_die_use_up_no_attempt(int deaths)
    {
        _script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        var status = await RunAsync(deaths);

        Assert.Equal((WorkflowState.Completed, null), (status.State, status.Failure));
        Assert.Equal(1, _script.Times("x"));
    }

    [Fact]
    public async Task An_activity_that_kills_every_worker_is_given_up()
    {
        _script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        var status = await RunAsync(int.MaxValue);

        Assert.Equal(WorkflowState.Failed, status.State);
        Assert.Equal("Activity 'Act' failed: 100 workers or hosts died running it.", status.Failure);
    }

    [Fact]
    public async Task Failures_of_its_own_use_up_its_attempts_whoever_dies_between_them()
    {
        _script.Activity = (_, _) => throw new ObjectStoreException("The disk is full.");
        _script.Workflow(context => context.CallAsync(TestScript.Act, "x"));
        var status = await RunAsync(deaths: 5);

        Assert.Equal("Activity 'Act' failed 3 times. Last failure: The disk is full.", status.Failure);
        Assert.Equal(3, _script.Times("x"));
    }

    [Theory]
    [InlineData("\"!\"")]
    [InlineData("{\"a\":1}")]
    [InlineData("null")]
    public void An_output_is_never_taken_for_a_failure(string output)
    {
        Assert.Equal(new ActivityOutcome(output, null), ActivityOutcome.Parse(new ActivityOutcome(output, null).ToString()));
        Assert.Equal(new ActivityOutcome(null, output), ActivityOutcome.Parse(new ActivityOutcome(null, output).ToString()));
    }

    private async Task<WorkflowStatus> RunAsync(int deaths)
    {
        var catalog = _script.Catalog();
        var activities = new ActivityRunner(catalog, NullLogger<ActivityRunner>.Instance);
        await using var hub = await DurableHub.StartAsync(
            catalog,
            (name, context) => DurableTurn.RunAsync(catalog, Retry, name, context),
            (name, input, cancellationToken) => deaths-- > 0
                ? throw new InvalidOperationException("The worker process has exited.")
                : activities.RunAsync(name, input, cancellationToken));
        var engine = new InvokedEngine(hub);
        await engine.StartAsync(TestScript.Ref(), "a", "", CancellationToken.None);
        return (await engine.WaitAsync("a", CancellationToken.None).InTime())!;
    }
}
