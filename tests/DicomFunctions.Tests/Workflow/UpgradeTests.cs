using System.Text.Json;
using DicomFunctions.App.Tests.Durable;
using DicomFunctions.App.Triggers;
using DicomFunctions.Core;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Workflow;
using DicomFunctions.Testing;
using Microsoft.DurableTask;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.App.Tests.Workflow;

/// <summary>The app is replaced by a build whose workflow makes other calls, while a job is in flight.</summary>
public sealed class UpgradeTests
{
    private const string Id = "20261122-081653-abcdef";

    [Fact]
    public async Task A_job_in_flight_continues_or_says_what_happened_and_resumes()
    {
        var (isUpgraded, isHeld) = (false, new TaskCompletionSource());
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddLogging()
            .AddDicomFunctions()
            .BuildServiceProvider();
        var catalog = services.GetRequiredService<WorkflowCatalog>();
        var orchestrators = new OrchestratorFunctions(new ServiceCollection().AddSingleton(catalog).BuildServiceProvider());
        await using var hub = await DurableHub.StartAsync(
            catalog,
            (_, context) => isUpgraded ? orchestrators.RunJobAsync(context) : RunEarlierAsync(context),
            async (name, input, cancellationToken) =>
            {
                if (isUpgraded)
                    return name == "RunBatches" ? Work(input) : "\"done\"";
                isHeld.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return "";
            });
        var engine = new InvokedEngine(hub);
        var earlier = JsonSerializer.Deserialize(
            $$$"""
            {"version":1,"job_id":"{{{Id}}}","plan":{"inputs":30,"batch_size":3,"window":1},"next_batch":4,"parts":1,
            "counts":{"succeeded":12,"failed":0,"attempts":12,"bytes":0,"statuses":{}},"not_attempted":[],"cancelled":false}
            """,
            JobActivities.Workflow.State)!;
        Assert.True(await engine.StartAsync(JobActivities.Workflow, Id, earlier, CancellationToken.None));
        await isHeld.Task.InTime();

        isUpgraded = true;
        await hub.RestartAsync();
        WorkflowStatus status = null!;
        await Eventually.HoldsAsync(
            async () => !(status = (await engine.GetAsync(Id, CancellationToken.None))!).IsActive, "the job ends");

        if (status.State == WorkflowState.Failed)
        {
            Assert.Contains("Resume the job", status.Failure, StringComparison.Ordinal);
            Assert.True(await engine.StartAsync(JobActivities.Workflow, Id, earlier, CancellationToken.None));
            await Eventually.HoldsAsync(
                async () => !(status = (await engine.GetAsync(Id, CancellationToken.None))!).IsActive, "the resumed job ends");
        }

        Assert.Equal((WorkflowState.Completed, null, 30), (status.State, status.Failure, status.Progress!.Succeeded));
    }

    /// <summary>A workflow with calls of its own.</summary>
    private static async Task RunEarlierAsync(TaskOrchestrationContext context) =>
        await context.CallActivityAsync<string>(JobActivities.Commit.Name, "");

    private static string Work(string input)
    {
        var request = JsonSerializer.Deserialize(input, JobActivities.Run.Input)!;
        return JsonSerializer.Serialize(
            new RunResult { Execution = 1, Blocks = 1, Worked = request.Count, Counts = new JobCounts { Succeeded = request.Count } },
            JobActivities.Run.Output);
    }
}
