using DicomFunctions.App.Workflow;
using Microsoft.Azure.Functions.Worker;

namespace DicomFunctions.App.Triggers;

/// <summary>An activity function for every activity of the catalog, with the same name.</summary>
public sealed class ActivityFunctions(ActivityRunner activities)
{
    private const string Begin = "BeginJob";
    private const string Run = "RunBatches";
    private const string Commit = "CommitLeg";
    private const string Collect = "CollectDrop";
    private const string Clear = "SettleDrop";
    private const string Look = "LookIntoDrop";

    [Function(Begin)]
    public Task<string> BeginJobAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Begin, input, cancellationToken);

    [Function(Run)]
    public Task<string> RunBatchesAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Run, input, cancellationToken);

    [Function(Commit)]
    public Task<string> CommitLegAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Commit, input, cancellationToken);

    [Function(Collect)]
    public Task<string> CollectDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Collect, input, cancellationToken);

    [Function(Clear)]
    public Task<string> ClearDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Clear, input, cancellationToken);

    [Function(Look)]
    public Task<string> LookIntoDropAsync([ActivityTrigger] string input, CancellationToken cancellationToken) =>
        activities.RunAsync(Look, input, cancellationToken);
}
