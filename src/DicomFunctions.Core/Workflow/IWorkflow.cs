namespace DicomFunctions.Core.Workflow;

/// <summary>Deterministic code that runs in turns. The state carries over what the next turn needs.</summary>
/// <typeparam name="TState">Small and serializable: it is stored with every turn.</typeparam>
internal interface IWorkflow<TState>
{
    /// <summary>Runs one turn. The history is dropped after a turn, so the number of calls in a turn bounds its size.</summary>
    Task<WorkflowTurn<TState>> RunTurnAsync(IWorkflowContext context, TState state);
}
