using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Jobs.Execution;
using Microsoft.Azure.Functions.Worker;

namespace DicomFunctions.App.Triggers;

/// <summary>An activity function for every activity of the catalog, with the same name.</summary>
public sealed class ActivityFunctions(ActivityRunner activities)
{
    [Function(JobActivities.BeginName)]
    public Task<string> BeginJobAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(JobActivities.BeginName, input, cancellationToken);

    [Function(JobActivities.ExpandName)]
    public Task<string> ExpandSourcesAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(JobActivities.ExpandName, input, cancellationToken);

    [Function(JobActivities.RunName)]
    public Task<string> RunBatchesAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(JobActivities.RunName, input, cancellationToken);

    [Function(JobActivities.CommitName)]
    public Task<string> CommitLegAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(JobActivities.CommitName, input, cancellationToken);

    [Function(DropActivities.CollectName)]
    public Task<string> CollectDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(DropActivities.CollectName, input, cancellationToken);

    [Function(DropActivities.ClearName)]
    public Task<string> ClearDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(DropActivities.ClearName, input, cancellationToken);

    [Function(DropActivities.LookName)]
    public Task<string> LookIntoDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(DropActivities.LookName, input, cancellationToken);
}
