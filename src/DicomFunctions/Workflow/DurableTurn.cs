using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Workflow;
using Microsoft.DurableTask;

namespace DicomFunctions.App.Workflow;

/// <summary>
/// Runs one turn of a workflow as one execution of an orchestration. The next turn is the next execution, so the history never
/// holds more than one turn.
/// </summary>
internal static class DurableTurn
{
    public static async Task RunAsync(WorkflowCatalog catalog, ActivityRetry retry, string workflow, TaskOrchestrationContext context)
    {
        var input = TurnInput.Parse(context.GetInput<string>() ?? throw new InvalidOperationException("The orchestration has no input."));
        var turnContext = new DurableWorkflowContext(context, retry, input.Progress);
        turnContext.Show();
        WorkflowTurn<string> turn;
        try
        {
            turn = await catalog.RunTurnAsync(workflow, turnContext, input.State);
        }
        catch (Exception exception) when (exception is not ISafeMessage)
        {
            // The message ends up in the history, and that of an unknown exception may hold anything.
            throw new InvalidOperationException($"The workflow threw {exception.GetType().Name}.");
        }

        if (!turn.IsDone)
            context.ContinueAsNew(new TurnInput(turn.State, turnContext.Progress).ToString(), preserveUnprocessedEvents: false);
    }
}
