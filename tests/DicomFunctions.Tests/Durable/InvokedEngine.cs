using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.App.Tests.Durable;

/// <summary>The Durable engine on a hub, each call of it made from an invocation of its own.</summary>
internal sealed class InvokedEngine(DurableHub hub) : IWorkflowEngine
{
    private readonly InvocationClient _invocation = new();

    private DurableWorkflowEngine Engine => new(_invocation, TimeProvider.System);

    public Task<bool> StartAsync<TState>(
        WorkflowRef<TState> workflow, string instanceId, TState state, CancellationToken cancellationToken) =>
        _invocation.UseAsync(hub.Client, () => Engine.StartAsync(workflow, instanceId, state, cancellationToken));

    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) =>
        _invocation.UseAsync(hub.Client, () => Engine.GetAsync(instanceId, cancellationToken));

    public Task<WorkflowStatus?> WaitAsync(string instanceId, CancellationToken cancellationToken) =>
        _invocation.UseAsync(hub.Client, () => Engine.WaitAsync(instanceId, cancellationToken));

    public Task<bool> TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) =>
        _invocation.UseAsync(hub.Client, () => Engine.TerminateAsync(instanceId, reason, cancellationToken));

    public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken) =>
        _invocation.UseAsync(hub.Client, () => Engine.PurgeAsync(instanceId, cancellationToken));
}
