using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Cli;

/// <summary>Stands in for the engine of another process, which uses the data directory; only its files show what it does.</summary>
internal sealed class ElsewhereEngine(TimeProvider time) : IWorkflowEngine
{
    public Task<bool> StartAsync<TState>(
        WorkflowRef<TState> workflow, string instanceId, TState state, CancellationToken cancellationToken) => throw Refused();

    public Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken) =>
        Task.FromResult<WorkflowStatus?>(new WorkflowStatus
        {
            InstanceId = instanceId,
            Name = "",
            State = WorkflowState.Running,
            CreatedAt = time.GetUtcNow(),
            UpdatedAt = time.GetUtcNow(),
        });

    /// <summary>Waits until cancelled: that the other process has ended an instance shows in the files of its job.</summary>
    public async Task<WorkflowStatus?> WaitAsync(string instanceId, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>False: only the other process can end its instances.</summary>
    public Task<bool> TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken) => throw Refused();

    private static InvalidOperationException Refused() => new("Another process runs the jobs of this data directory.");
}
