using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Testing.Workflow;

/// <summary>A workflow whose turn is a function.</summary>
internal sealed class TestWorkflow(Func<IWorkflowContext, string, Task<WorkflowTurn<string>>> turn) : IWorkflow<string>
{
    public Task<WorkflowTurn<string>> RunTurnAsync(IWorkflowContext context, string state) => turn(context, state);
}
