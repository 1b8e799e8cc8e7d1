namespace DicomFunctions.Core.Workflow;

/// <summary>Starts and monitors workflows: Durable Functions, or the embedded journal of the local host.</summary>
internal interface IWorkflowEngine
{
    /// <summary>
    /// Starts an instance durably under the caller's id: once this returns, the engine runs it to its end, across crashes. Does nothing and
    /// returns false if an instance with that id is running. One that has ended, in whatever way, is replaced.
    /// </summary>
    Task<bool> StartAsync<TState>(WorkflowRef<TState> workflow, string instanceId, TState state, CancellationToken cancellationToken);

    /// <summary>The current status of the instance, or null if the engine does not know it.</summary>
    Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>
    /// Completes when the instance has ended, or at once if there is none. The result is that of <see cref="GetAsync"/>.
    /// </summary>
    Task<WorkflowStatus?> WaitAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>
    /// Ends an instance at once. Activities already running are not stopped. False if the instance was not running.
    /// </summary>
    Task<bool> TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken);

    /// <summary>Deletes an ended instance and its history. False if it does not exist or is still running.</summary>
    Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken);
}
