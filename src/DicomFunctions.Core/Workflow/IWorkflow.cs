namespace DicomFunctions.Core.Workflow;

/// <summary>Deterministic code that runs in turns. What one turn learnt and the next needs is in its state.</summary>
/// <typeparam name="TState">Small and serializable: it is stored with every turn.</typeparam>
public interface IWorkflow<TState>
{
    /// <summary>Runs one turn. Its history is dropped when it ends, so a turn's number of calls is what bounds the history.</summary>
    Task<WorkflowTurn<TState>> RunTurnAsync(IWorkflowContext context, TState state);
}
