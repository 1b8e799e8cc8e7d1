using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Events;
using DicomFunctions.Core.Jobs.Execution;
using DicomFunctions.Core.Workflow;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.App.Triggers;

/// <summary>An orchestrator function for every workflow of the catalog, with the same name.</summary>
public sealed class OrchestratorFunctions(IServiceProvider services)
{
    private readonly WorkflowCatalog _workflows = services.GetRequiredService<WorkflowCatalog>();

    [Function(JobActivities.WorkflowName)]
    public Task RunJobAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableTurn.RunAsync(_workflows, ActivityRetry.Default, JobActivities.WorkflowName, context);

    [Function(DropActivities.WorkflowName)]
    public Task RunDropAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableTurn.RunAsync(_workflows, ActivityRetry.Default, DropActivities.WorkflowName, context);

    [Function(EventActivities.WorkflowName)]
    public Task RunEventsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        DurableTurn.RunAsync(_workflows, ActivityRetry.Default, EventActivities.WorkflowName, context);
}
