using System.Text.Json;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DicomFunctions.App.Workflow;

/// <summary>Durable Functions as the engine, through the client of the invocation under way.</summary>
/// <remarks>
/// Of two that start one instance at the same moment, the storage provider may tell both that they did; it runs one of them. Ids of jobs
/// are their own, and the drop does not mind.
/// </remarks>
internal sealed class DurableWorkflowEngine(InvocationClient invocation, TimeProvider time) : IWorkflowEngine
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(4);

    public async Task<bool> StartAsync<TState>(
        WorkflowRef<TState> workflow, string instanceId, TState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        if (await IsActiveAsync(instanceId, cancellationToken).ConfigureAwait(false))
            return false;
        var input = new TurnInput(JsonSerializer.Serialize(state, workflow.State), Progress: null).ToString();
        try
        {
            // An instance that has ended is replaced: the host's overridableExistingInstanceStates, by default.
            await invocation.Current.ScheduleNewOrchestrationInstanceAsync(
                workflow.Name, input, new StartOrchestrationOptions(instanceId), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Providers say "already exists" each in their own way; what counts is whether it is under way now.
            if (await IsActiveAsync(instanceId, cancellationToken).ConfigureAwait(false))
                return false;
            throw exception is RpcException ? Unreachable(exception) : new InvalidOperationException("The workflow could not be started.", exception);
        }
    }

    public async Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) =>
        await FindAsync(instanceId, cancellationToken).ConfigureAwait(false) is { } found ? DurableStatus.Of(found) : null;

    public async Task<WorkflowStatus?> WaitAsync(string instanceId, CancellationToken cancellationToken)
    {
        // A job's end is known by its summary; this is how one that stops without is noticed. Each look is a call of the storage provider's.
        for (var pause = FirstLook; ; pause = pause * 2 < LongestLook ? pause * 2 : LongestLook)
        {
            var status = await GetAsync(instanceId, cancellationToken).ConfigureAwait(false);
            if (status is not { State: WorkflowState.Pending or WorkflowState.Running })
                return status;
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<bool> TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken)
    {
        if (!await IsActiveAsync(instanceId, cancellationToken).ConfigureAwait(false))
            return false;
        try
        {
            await invocation.Current.TerminateInstanceAsync(instanceId, new TerminateInstanceOptions(reason), cancellationToken)
                .ConfigureAwait(false);
            return true;
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.FailedPrecondition or StatusCode.NotFound)
        {
            return false;
        }
        catch (RpcException exception)
        {
            throw Translate(exception, cancellationToken);
        }
    }

    public async Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken)
    {
        if (await FindAsync(instanceId, cancellationToken).ConfigureAwait(false) is not { } found || DurableStatus.IsActive(found))
            return false;
        var purged = await RunAsync(
            () => invocation.Current.PurgeInstanceAsync(instanceId, options: null, cancellationToken), cancellationToken).ConfigureAwait(false);
        return purged.PurgedInstanceCount > 0;
    }

    private async Task<bool> IsActiveAsync(string instanceId, CancellationToken cancellationToken) =>
        await FindAsync(instanceId, cancellationToken).ConfigureAwait(false) is { } found && DurableStatus.IsActive(found);

    /// <summary>With inputs and outputs: without them the custom status and the failure are left out as well.</summary>
    private Task<OrchestrationMetadata?> FindAsync(string instanceId, CancellationToken cancellationToken) =>
        RunAsync(() => invocation.Current.GetInstancesAsync(instanceId, getInputsAndOutputs: true, cancellationToken), cancellationToken);

    private static async Task<T> RunAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw Translate(exception, cancellationToken);
        }
    }

    private static Exception Translate(RpcException exception, CancellationToken cancellationToken) =>
        exception.StatusCode == StatusCode.Cancelled && cancellationToken.IsCancellationRequested
            ? new OperationCanceledException("The call to the workflow engine was cancelled.", exception, cancellationToken)
            : Unreachable(exception);

    private static ObjectStoreException Unreachable(Exception exception) =>
        new("The workflow engine can not be reached, or its store can not.", exception);
}
