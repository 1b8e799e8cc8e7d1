namespace DicomFunctions.Core.Workflow;

/// <summary>Starts and watches workflows: Durable Functions, or the embedded journal of the local host.</summary>
public interface IWorkflowEngine
{
    /// <summary>
    /// Starts an instance under an id of the caller's, durably: once this returns, the engine runs it to its end, over crashes.
    /// False, and nothing done, when an instance of that id is under way. One that has ended (in whatever way) is started anew.
    /// </summary>
    Task<bool> StartAsync<TState>(WorkflowRef<TState> workflow, string instanceId, TState state, CancellationToken cancellationToken);

    /// <summary>The instance as it stands, or null when the engine knows none of that id.</summary>
    Task<WorkflowStatus?> GetAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>
    /// Completes when the instance has ended, or at once when there is none; the result is what <see cref="GetAsync"/> would say.
    /// </summary>
    Task<WorkflowStatus?> WaitAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>
    /// Ends an instance without its consent. Activities already running are not stopped. False when it was not under way.
    /// </summary>
    Task<bool> TerminateAsync(string instanceId, string reason, CancellationToken cancellationToken);

    /// <summary>Forgets an ended instance and its history. False when there is none, or it is still under way.</summary>
    Task<bool> PurgeAsync(string instanceId, CancellationToken cancellationToken);
}
