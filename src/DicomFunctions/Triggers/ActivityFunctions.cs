using DicomFunctions.App.Workflow;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Events;
using DicomFunctions.Core.Jobs.Execution;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.App.Triggers;

/// <summary>
/// An activity function for every activity of the catalog, with the same name. Those that end a job also start the events workflow.
/// </summary>
public sealed class ActivityFunctions(IServiceProvider services, InvocationClient invocation)
{
    private readonly ActivityRunner _activities = services.GetRequiredService<ActivityRunner>();

    [Function(JobActivities.BeginName)]
    public Task<string> BeginJobAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        _activities.RunAsync(JobActivities.BeginName, input, cancellationToken);

    [Function(JobActivities.ExpandName)]
    public Task<string> ExpandSourcesAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        _activities.RunAsync(JobActivities.ExpandName, input, cancellationToken);

    [Function(JobActivities.RunName)]
    public Task<string> RunBatchesAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        _activities.RunAsync(JobActivities.RunName, input, cancellationToken);

    [Function(JobActivities.CommitName)]
    public Task<string> CommitLegAsync(
        [ActivityTrigger] string input, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        invocation.UseAsync(client, () => _activities.RunAsync(JobActivities.CommitName, input, cancellationToken));

    [Function(JobActivities.AnnounceFailureName)]
    public Task<string> AnnounceFailureAsync(
        [ActivityTrigger] string input, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        invocation.UseAsync(client, () => _activities.RunAsync(JobActivities.AnnounceFailureName, input, cancellationToken));

    [Function(DropActivities.CollectName)]
    public Task<string> CollectDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        _activities.RunAsync(DropActivities.CollectName, input, cancellationToken);

    [Function(DropActivities.ClearName)]
    public Task<string> ClearDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        _activities.RunAsync(DropActivities.ClearName, input, cancellationToken);

    [Function(DropActivities.LookName)]
    public Task<string> LookIntoDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        _activities.RunAsync(DropActivities.LookName, input, cancellationToken);

    [Function(EventActivities.SendName)]
    public Task<string> SendEventsAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        _activities.RunAsync(EventActivities.SendName, input, cancellationToken);

    [Function(EventActivities.LookName)]
    public Task<string> LookIntoOutboxAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        _activities.RunAsync(EventActivities.LookName, input, cancellationToken);
}
