using System.Text.Json;
using DicomFunctions.Core.Workflow;
using Microsoft.DurableTask;

namespace DicomFunctions.App.Workflow;

/// <summary>
/// A turn's context in Durable Functions. Orchestrator code: deterministic, and without <c>ConfigureAwait(false)</c>.
/// </summary>
internal sealed class DurableWorkflowContext(TaskOrchestrationContext context, ActivityRetry retry, JobProgress? progress)
    : IWorkflowContext
{
    /// <summary>
    /// How many workers or hosts may die while they run an activity before it fails: over an hour and a half of crashes, of which the
    /// activity must be the cause.
    /// </summary>
    private const int MaxDeaths = 100;

    public string InstanceId => context.InstanceId;

    public DateTimeOffset UtcNow => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));

    /// <summary>The latest reported progress, in this turn or before.</summary>
    public JobProgress? Progress { get; private set; } = progress;

    public async Task<TOut> CallAsync<TIn, TOut>(ActivityRef<TIn, TOut> activity, TIn input)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var json = JsonSerializer.Serialize(input, activity.Input);
        var (failures, deaths) = (0, 0);
        while (true)
        {
            if (await CallOnceAsync(activity.Name, json) is not { } outcome)
            {
                if (++deaths == MaxDeaths)
                    throw new ActivityFailedException($"Activity '{activity.Name}' failed: {deaths} workers or hosts died running it.");
                await DelayAsync(retry.DelayAfter(deaths));
            }
            else if (outcome.Failure is { } reason)
            {
                if (++failures == retry.MaxAttempts)
                    throw new ActivityFailedException($"Activity '{activity.Name}' failed {failures} times. Last failure: {reason}");
                await DelayAsync(retry.DelayAfter(failures));
            }
            else
            {
                return JsonSerializer.Deserialize(outcome.Output!, activity.Output)!;
            }
        }
    }

    public Task DelayAsync(TimeSpan delay) => context.CreateTimer(context.CurrentUtcDateTime.Add(delay), CancellationToken.None);

    public void ReportProgress(JobProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        Progress = progress;
        Show();
    }

    /// <summary>Calls the activity once. Null if the worker or host died.</summary>
    private async Task<ActivityOutcome?> CallOnceAsync(string name, string input)
    {
        try
        {
            return ActivityOutcome.Parse(await context.CallActivityAsync<string>(name, input));
        }
        catch (TaskFailedException)
        {
            return null;
        }
    }

    /// <summary>Sets the latest progress as the custom status, which is empty when a turn starts.</summary>
    public void Show()
    {
        if (Progress is not null)
            context.SetCustomStatus(JsonSerializer.SerializeToElement(Progress, ProgressJson.Default.JobProgress));
    }
}
