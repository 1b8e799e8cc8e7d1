using System.Text.Json;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DicomFunctions.App.Workflow;

/// <summary>Durable Functions as the engine, accessed through the client of the current invocation.</summary>
/// <remarks>
/// If two callers start the same instance at once, the storage provider may tell both that they did, but runs one of them. Job ids are
/// unique, and to the drop workflow it makes no difference.
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
            // Replaces an instance that has ended: the default of the host's overridableExistingInstanceStates.
            await invocation.Current.ScheduleNewOrchestrationInstanceAsync(
                workflow.Name, input, new StartOrchestrationOptions(instanceId), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Providers report "already exists" in different ways; what counts is whether the instance is running now.
            if (await IsActiveAsync(instanceId, cancellationToken).ConfigureAwait(false))
                return false;
            throw exception is RpcException
                ? Unreachable(exception)
                : new InvalidOperationException("The workflow could not be started.", exception);
        }
    }

    public async Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) =>
        await FindAsync(instanceId, cancellationToken).ConfigureAwait(false) is { } found ? DurableStatus.Of(found) : null;

    public async Task<WorkflowStatus?> WaitAsync(string instanceId, CancellationToken cancellationToken)
    {
        // A job's end shows in its summary; this notices one that ends without. Each look is a call to the storage provider.
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
            () => invocation.Current.PurgeInstanceAsync(instanceId, options: null, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        return purged.PurgedInstanceCount > 0;
    }

    private async Task<bool> IsActiveAsync(string instanceId, CancellationToken cancellationToken) =>
        await FindAsync(instanceId, cancellationToken).ConfigureAwait(false) is { } found && DurableStatus.IsActive(found);

    /// <summary>Requests inputs and outputs, without which the custom status and the failure would be missing too.</summary>
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
        new("The workflow engine or its store is unreachable.", exception);
}
