using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Workflow;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace DicomFunctions.App.Triggers;

/// <summary>An orchestrator function for every workflow of the catalog, with the same name.</summary>
public sealed class OrchestratorFunctions(WorkflowCatalog workflows)
{
    private const string Job = "JobWorkflow";
    private const string Drop = "DropWorkflow";

    [Function(Job)]
    public Task RunJobAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableTurn.RunAsync(workflows, ActivityRetry.Default, Job, context);

    [Function(Drop)]
    public Task RunDropAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableTurn.RunAsync(workflows, ActivityRetry.Default, Drop, context);
}
