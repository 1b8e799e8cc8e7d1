using System.Text.Json;
using DicomFunctions.Core.Workflow;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DicomFunctions.App.Workflow;

/// <summary>Converts an orchestration's metadata to a <see cref="WorkflowStatus"/>.</summary>
internal static class DurableStatus
{
    /// <summary>Whether an instance is running.</summary>
    public static bool IsActive(OrchestrationMetadata metadata) => metadata.RuntimeStatus
        is OrchestrationRuntimeStatus.Pending
        or OrchestrationRuntimeStatus.Running
        or OrchestrationRuntimeStatus.Suspended
#pragma warning disable CS0618 // Storage providers still report it briefly between two turns.
        or OrchestrationRuntimeStatus.ContinuedAsNew;
#pragma warning restore CS0618

    public static WorkflowStatus Of(OrchestrationMetadata metadata)
    {
        var state = metadata.RuntimeStatus switch
        {
            OrchestrationRuntimeStatus.Pending => WorkflowState.Pending,
            OrchestrationRuntimeStatus.Completed => WorkflowState.Completed,
            OrchestrationRuntimeStatus.Failed => WorkflowState.Failed,
            _ when IsActive(metadata) => WorkflowState.Running,
            _ => WorkflowState.Terminated,
        };
        return new WorkflowStatus
        {
            InstanceId = metadata.InstanceId,
            Name = metadata.Name,
            State = state,
            CreatedAt = metadata.CreatedAt,
            UpdatedAt = metadata.LastUpdatedAt,
            Progress = Progress(metadata.SerializedCustomStatus),
            Failure = state switch
            {
                WorkflowState.Failed when IsOfAnotherBuild(metadata.FailureDetails) =>
                    "The app was upgraded meanwhile, and the history does not match the new build. "
                    + "Resume the job: it continues from its checkpoint.",
                WorkflowState.Failed => metadata.FailureDetails?.ErrorMessage ?? Text(metadata.SerializedOutput) ?? "The workflow failed.",
                WorkflowState.Terminated => Text(metadata.SerializedOutput) ?? "The workflow was terminated.",
                _ => null,
            },
        };
    }

    /// <summary>Whether the history has calls that this build does not make.</summary>
    private static bool IsOfAnotherBuild(TaskFailureDetails? failure) =>
        failure?.ErrorType.EndsWith("NonDeterministicOrchestrationException", StringComparison.Ordinal) == true;

    private static JobProgress? Progress(string? customStatus)
    {
        if (customStatus is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize(customStatus, ProgressJson.Default.JobProgress);
        }
        catch (JsonException)
        {
            // Set by something other than this app.
            return null;
        }
    }

    /// <summary>Decodes a text that the client and the host may have serialized as JSON, once or twice.</summary>
    private static string? Text(string? output)
    {
        while (output is ['"', .., '"'])
        {
            try
            {
                output = JsonSerializer.Deserialize<string>(output);
            }
            catch (JsonException)
            {
                break;
            }
        }

        return string.IsNullOrEmpty(output) ? null : output;
    }
}
