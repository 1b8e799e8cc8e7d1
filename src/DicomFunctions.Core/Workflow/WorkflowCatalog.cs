using System.Diagnostics;
using System.Text.Json;
using DicomFunctions.Core.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.Core.Workflow;

/// <summary>
/// All workflows and activities by name, with the services they are made from. An engine uses it to run them with JSON in and out.
/// </summary>
internal sealed class WorkflowCatalog(IServiceProvider services)
{
    private readonly Dictionary<string, Func<string, IProgress<JobProgress>?, CancellationToken, Task<string>>> _activities =
        new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<IWorkflowContext, string, Task<WorkflowTurn<string>>>> _workflows =
        new(StringComparer.Ordinal);

    /// <summary>The names of all activities.</summary>
    public IReadOnlyCollection<string> Activities => _activities.Keys;

    /// <summary>The names of all workflows.</summary>
    public IReadOnlyCollection<string> Workflows => _workflows.Keys;

    /// <summary>Adds an activity. It is created from the services on its first call.</summary>
    public WorkflowCatalog AddActivity<TActivity, TIn, TOut>(ActivityRef<TIn, TOut> reference)
        where TActivity : class, IActivity<TIn, TOut>
    {
        var activity = new Lazy<TActivity>(() => ActivatorUtilities.CreateInstance<TActivity>(services));
        _activities.Add(reference.Name, async (json, progress, cancellationToken) =>
        {
            var input = JsonSerializer.Deserialize(json, reference.Input)!;
            var output = await (activity.Value is IReportingActivity<TIn, TOut> reporting
                ? reporting.RunAsync(input, progress, cancellationToken)
                : activity.Value.RunAsync(input, cancellationToken)).ConfigureAwait(false);
            return JsonSerializer.Serialize(output, reference.Output);
        });
        return this;
    }

    /// <summary>Adds a workflow. It has no services, because a workflow does no I/O.</summary>
    public WorkflowCatalog AddWorkflow<TState>(WorkflowRef<TState> reference, IWorkflow<TState> workflow)
    {
        _workflows.Add(reference.Name, async (context, json) =>
        {
            // No ConfigureAwait: this is workflow code, which must stay on the engine's context.
            var turn = await workflow.RunTurnAsync(context, JsonSerializer.Deserialize(json, reference.State)!);
            var state = JsonSerializer.Serialize(turn.State, reference.State);
            return turn.IsDone ? WorkflowTurn.Done(state) : WorkflowTurn.Continue(state);
        });
        return this;
    }

    /// <summary>Runs an activity once.</summary>
    /// <exception cref="NotInCatalogException">No activity has that name.</exception>
    public Task<string> RunActivityAsync(string name, string input, CancellationToken cancellationToken) =>
        RunActivityAsync(name, input, progress: null, cancellationToken);

    /// <summary>Runs an activity once and listens to its progress.</summary>
    /// <param name="name">The activity.</param>
    /// <param name="input">Its input's JSON.</param>
    /// <param name="progress">Receives progress from activities that report it; null if nobody listens.</param>
    /// <param name="cancellationToken">Cancelled when the host stops.</param>
    /// <exception cref="NotInCatalogException">No activity has that name.</exception>
    public Task<string> RunActivityAsync(
        string name, string input, IProgress<JobProgress>? progress, CancellationToken cancellationToken) =>
        _activities.TryGetValue(name, out var run)
            ? MeasureAsync(name, () => run(input, progress, cancellationToken))
            : throw new NotInCatalogException($"There is no activity named '{name}'.");

    /// <summary>Runs one turn of a workflow.</summary>
    /// <exception cref="NotInCatalogException">No workflow has that name.</exception>
    public Task<WorkflowTurn<string>> RunTurnAsync(string name, IWorkflowContext context, string state) =>
        _workflows.TryGetValue(name, out var run)
            ? run(context, state)
            : throw new NotInCatalogException($"There is no workflow named '{name}'.");

    private static async Task<string> MeasureAsync(string name, Func<Task<string>> run)
    {
        var started = Stopwatch.GetTimestamp();
        using var span = Traces.BeginActivity(name);
        var isSuccess = false;
        try
        {
            var output = await run().ConfigureAwait(false);
            isSuccess = true;
            return output;
        }
        catch (Exception exception)
        {
            span.Fail(exception.GetType().Name);
            throw;
        }
        finally
        {
            Instruments.ActivityDuration.Record(
                Stopwatch.GetElapsedTime(started).TotalSeconds, Tag.Of(Tag.Activity, name), Tag.OfOutcome(isSuccess));
        }
    }
}
