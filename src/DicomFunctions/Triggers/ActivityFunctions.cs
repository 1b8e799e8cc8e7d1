using DicomFunctions.App.Workflow;
using Microsoft.Azure.Functions.Worker;

namespace DicomFunctions.App.Triggers;

/// <summary>Every activity of the catalog, as an activity function of its name.</summary>
public sealed class ActivityFunctions(ActivityRunner activities)
{
    private const string Prepare = "PrepareJob";
    private const string Plan = "PlanLeg";
    private const string Batch = "RunBatch";
    private const string Commit = "CommitPart";
    private const string Finish = "FinishJob";
    private const string Collect = "CollectDrop";
    private const string Settle = "SettleDrop";
    private const string Look = "LookIntoDrop";

    [Function(Prepare)]
    public Task<string> PrepareJobAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Prepare, input, cancellationToken);

    [Function(Plan)]
    public Task<string> PlanLegAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Plan, input, cancellationToken);

    [Function(Batch)]
    public Task<string> RunBatchAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Batch, input, cancellationToken);

    [Function(Commit)]
    public Task<string> CommitPartAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Commit, input, cancellationToken);

    [Function(Finish)]
    public Task<string> FinishJobAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Finish, input, cancellationToken);

    [Function(Collect)]
    public Task<string> CollectDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Collect, input, cancellationToken);

    [Function(Settle)]
    public Task<string> SettleDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Settle, input, cancellationToken);

    [Function(Look)]
    public Task<string> LookIntoDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Look, input, cancellationToken);
}
