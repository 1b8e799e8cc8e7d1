using System.Text.Json;
using DicomFunctions.Core.Workflow;
using Microsoft.DurableTask;

namespace DicomFunctions.App.Workflow;

/// <summary>
/// A turn's context as Durable Functions has it. It runs as orchestrator code: deterministic, and without <c>ConfigureAwait(false)</c>.
/// </summary>
internal sealed class DurableWorkflowContext(TaskOrchestrationContext context, ActivityRetry retry, JobProgress? progress) : IWorkflowContext
{
    private readonly TaskOptions _options = TaskOptions.FromRetryPolicy(
        new RetryPolicy(retry.MaxAttempts, retry.FirstDelay, retry.BackoffCoefficient, retry.MaxDelay));

    public string InstanceId => context.InstanceId;

    public DateTimeOffset UtcNow => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));

    /// <summary>The last progress told, in this turn or before.</summary>
    public JobProgress? Progress { get; private set; } = progress;

    public async Task<TOut> CallAsync<TIn, TOut>(ActivityRef<TIn, TOut> activity, TIn input)
    {
        ArgumentNullException.ThrowIfNull(activity);
        try
        {
            var output = await context.CallActivityAsync<string>(activity.Name, JsonSerializer.Serialize(input, activity.Input), _options);
            return JsonSerializer.Deserialize(output, activity.Output)!;
        }
        catch (TaskFailedException exception)
        {
            throw new ActivityFailedException(
                $"Activity '{activity.Name}' failed {retry.MaxAttempts} times, at last with: {exception.FailureDetails.ErrorMessage}");
        }
    }

    public Task DelayAsync(TimeSpan delay) => context.CreateTimer(context.CurrentUtcDateTime.Add(delay), CancellationToken.None);

    public void ReportProgress(JobProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        Progress = progress;
        Show();
    }

    /// <summary>Keeps the last progress as the custom status; a turn begins with none.</summary>
    public void Show()
    {
        if (Progress is not null)
            context.SetCustomStatus(JsonSerializer.SerializeToElement(Progress, ProgressJson.Default.JobProgress));
    }
}
