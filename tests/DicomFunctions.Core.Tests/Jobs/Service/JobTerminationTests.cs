using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Service;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.Jobs.Service;

/// <summary>The way out of a job that says it runs, and does not.</summary>
public sealed class JobTerminationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stuck_job_ends_by_force_keeps_what_is_committed_and_resumes(bool wasAskedBefore)
    {
        // No time passes, so that a cancel is not seen before it is made by force.
        await using var host = await CoreHost.StartAsync(new TestClock(), settings: [("Jobs:LegTime", "00:00:00")]);
        var (stuck, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var isStuck = true;
        host.Server.Before = async context =>
        {
            if (!isStuck || context.Request.Query["n"] != "20")
                return false;
            stuck.TrySetResult();
            await go.Task;
            return false;
        };
        var inputs = Enumerable.Range(0, 40).Select(Numbered).ToList();
        var id = await host.Jobs.SubmitAsync(
            new JobSubmission { Kind = JobKind.Search, BufferSize = 16, MaxWorkers = 1 }, CoreHost.Lines(inputs), CancellationToken.None);
        await stuck.Task.InTime();
        if (wasAskedBefore)
        {
            Assert.Equal(JobActionResult.Done, await host.Jobs.CancelAsync(id, CancellationToken.None));
            Assert.Equal(JobStatus.Cancelling, (await host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        }

        Assert.Equal(JobActionResult.Done, await host.Jobs.TerminateAsync(id, CancellationToken.None));

        var view = (await host.Jobs.FindAsync(id, CancellationToken.None))!;
        Assert.Equal(JobStatus.Failed, view.State);
        Assert.Contains("resume continues", view.Failure, StringComparison.Ordinal);
        Assert.Equal(inputs[..16], (await host.RecordsAsync(id)).Select(record => record["input"]!.ToJsonString()));
        Assert.Equal(JobActionResult.Conflict, await host.Jobs.TerminateAsync(id, CancellationToken.None));
        isStuck = false;
        go.SetResult();
        Assert.Equal(JobActionResult.Done, await host.Jobs.ResumeAsync(id, CancellationToken.None));
        Assert.Equal(JobStatus.Completed, (await host.Jobs.WaitAsync(id, CancellationToken.None).InTime())!.State);
        Assert.Equal(inputs, (await host.RecordsAsync(id)).Select(record => record["input"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_stuck_drop_ends_by_force_and_the_next_ring_takes_its_files()
    {
        await using var host = await CoreHost.StartAsync(
            settings: [("Drop:Destination", CoreHost.Store.ToString()), ("Drop:SettleTime", "00:00:00")]);
        var (stuck, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Server.OnStow = async (_, _) =>
        {
            stuck.TrySetResult();
            await go.Task;
            return false;
        };
        await host.PutDicomAsync("drop/incoming/a.dcm");
        await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None);
        await stuck.Task.InTime();
        var id = (await host.Jobs.ListAsync(null, CancellationToken.None).SingleAsync()).Id;

        Assert.Equal(JobActionResult.Done, await host.Jobs.TerminateAsync(id, CancellationToken.None));

        Assert.Equal(WorkflowState.Terminated, (await host.Engine.GetAsync(DropActivities.InstanceId, CancellationToken.None))!.State);
        Assert.Equal(JobStatus.Failed, (await host.Jobs.FindAsync(id, CancellationToken.None))!.State);
        host.Server.OnStow = static (_, _) => Task.FromResult(false);
        go.SetResult();
        await host.Services.GetRequiredService<DropDoorbell>().RingAsync(CancellationToken.None);
        await host.Engine.WaitAsync(DropActivities.InstanceId, CancellationToken.None).InTime();
        Assert.Empty(await host.ListAsync("drop/incoming/"));
        Assert.Single(host.Server.Stored);
    }

    [Fact]
    public async Task A_job_that_has_ended_or_is_none_is_not_terminated()
    {
        await using var host = await CoreHost.StartAsync();
        var id = await host.RunJobAsync(new JobSubmission { Kind = JobKind.Search }, CoreHost.SearchJson());

        Assert.Equal(JobActionResult.Conflict, await host.Jobs.TerminateAsync(id, CancellationToken.None));
        Assert.Equal(JobActionResult.NotFound, await host.Jobs.TerminateAsync("20261122-081653-k3f9x2", CancellationToken.None));
        Assert.Equal(JobActionResult.NotFound, await host.Jobs.TerminateAsync("../x", CancellationToken.None));
        Assert.Equal(JobStatus.Completed, (await host.Jobs.FindAsync(id, CancellationToken.None))!.State);
    }

    private static string Numbered(int number) => CoreHost.SearchJson(parameters: $"{{\"n\":{number}}}");
}
