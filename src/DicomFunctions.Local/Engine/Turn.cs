using System.Diagnostics;
using System.Text.Json;
using DicomFunctions.Core.Telemetry;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// One turn of a workflow in memory. Runs the workflow's code, answers its calls from the journal as long as that lasts, and then passes
/// them to the instance. Used by one thread at a time.
/// </summary>
internal sealed class Turn : IWorkflowContext, IDisposable
{
    private const string Foreign =
        "The workflow awaited something outside its context, or left it with ConfigureAwait(false). Such a turn cannot be repeated.";

    private readonly SortedDictionary<int, Call> _outstanding = [];
    private readonly CancellationTokenSource _overSource = new();
    private readonly Instance _instance;
    private readonly TurnStart _start;
    private readonly TurnScheduler _scheduler;
    private Task<WorkflowTurn<string>>? _code;
    private volatile string? _defect;
    private int _calls;
    private bool _isLive;

    public Turn(Instance instance, TurnStart start)
    {
        (_instance, _start, UtcNow, Over) = (instance, start, start.At, _overSource.Token);
        _scheduler = new TurnScheduler(() =>
        {
            _defect ??= Foreign;
            instance.CheckTurn(this);
        });
    }

    public string InstanceId => _start.InstanceId;

    public DateTimeOffset UtcNow { get; private set; }

    /// <summary>Cancelled once nobody waits for the turn's calls. Safe to use after that.</summary>
    public CancellationToken Over { get; }

    /// <summary>The turn as it runs in this process; null if nobody listens to traces, or it does not run.</summary>
    public Activity? Span { get; private set; }

    /// <summary>How the turn ended; null while it is running; faulted if it failed.</summary>
    public Task<WorkflowTurn<string>>? Outcome =>
        _defect is { } defect ? Task.FromException<WorkflowTurn<string>>(new WorkflowDefectException(defect))
        : _code is { IsCompleted: true } ? _code
        : null;

    /// <summary>Runs the code from its start, through the known outcomes of its calls, until it waits.</summary>
    /// <param name="catalog">Holds the code.</param>
    /// <param name="history">The known outcomes of its calls.</param>
    /// <param name="isResumed">The turn was already running before.</param>
    public void Run(WorkflowCatalog catalog, IReadOnlyList<JournalEvent> history, bool isResumed)
    {
        Span = Traces.BeginTurn(_start.Workflow, _start.InstanceId, _start.Turn, _start.Trace);
        Replay(catalog, history);
        if (CheckOver())
            return;
        _isLive = true;
        foreach (var call in _outstanding.Values.ToArray())
            _instance.Begin(call, isResumed);
    }

    /// <summary>Runs the code through the known outcomes of its calls, and starts no call.</summary>
    public void Replay(WorkflowCatalog catalog, IReadOnlyList<JournalEvent> history)
    {
        RunCode(() => _code = Begin(catalog));
        foreach (var @event in history)
        {
            if (CheckOver())
                return;
            Deliver(@event);
        }
    }

    /// <summary>Passes the outcome of a call to the code, and lets the code continue.</summary>
    public void Deliver(JournalEvent @event)
    {
        if (!_outstanding.Remove(@event.Call, out var call) || call.Activity != @event.Activity)
        {
            _defect ??= $"The journal does not match the code: its call {@event.Call} is {Describe(@event.Activity)}, "
                + $"which the code {(call is null ? "did not make" : $"made as {Describe(call.Activity)}")}. "
                + "The workflow was changed while the instance was running.";
            return;
        }

        UtcNow = @event.At;
        RunCode(() =>
        {
            if (@event.Kind is JournalEventKind.Failed)
                call.Fail(new ActivityFailedException(@event.Content!));
            else
                call.Complete(@event.Content ?? "");
        });
        CheckOver();
    }

    public async Task<TOut> CallAsync<TIn, TOut>(ActivityRef<TIn, TOut> activity, TIn input)
    {
        ArgumentNullException.ThrowIfNull(activity);
        var call = Issue(activity.Name, JsonSerializer.Serialize(input, activity.Input), activity.IsRepeatable, default);
        // On the turn's own context, like everything that workflow code awaits.
        return JsonSerializer.Deserialize(await call.Result, activity.Output)!;
    }

    public Task DelayAsync(TimeSpan delay) => Issue(null, "", isRepeatable: true, new Delay(UtcNow, delay)).Result;

    public void ReportProgress(JobProgress progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        CheckThread();
        _instance.Report(progress);
    }

    /// <summary>Ends the turn: nobody waits for the outcomes of its calls any more.</summary>
    public void Dispose()
    {
        EndSpan();
        _overSource.Cancel();
        _overSource.Dispose();
    }

    /// <summary>Ends <see cref="Span"/>, also when the engine stops and the turn continues in another process.</summary>
    public void EndSpan()
    {
        if (Outcome is { IsFaulted: true } failed)
            Span.Fail(failed.Exception!.InnerException!.GetType().Name);
        Span?.Dispose();
    }

    private static string Describe(string? activity) => activity is null ? "a delay" : $"activity '{activity}'";

    private async Task<WorkflowTurn<string>> Begin(WorkflowCatalog catalog) =>
        await catalog.RunTurnAsync(_start.Workflow, this, _start.State);

    private void RunCode(Action action)
    {
        try
        {
            _scheduler.Run(action);
        }
        catch (Exception exception)
        {
            // Only from code that nobody awaits: an exception of the turn's own code is in its task.
            _defect ??= $"The workflow threw {exception.GetType().Name} in code that it does not await.";
        }
    }

    private Call Issue(string? activity, string input, bool isRepeatable, Delay delay)
    {
        CheckThread();
        var call = new Call(this, ++_calls, activity, input, isRepeatable, delay);
        _outstanding.Add(call.Number, call);
        if (_isLive)
            _instance.Begin(call, isResumed: false);
        return call;
    }

    private void CheckThread()
    {
        if (!_scheduler.IsCurrent)
            throw new WorkflowDefectException(Foreign);
    }

    private bool CheckOver()
    {
        if (Outcome is null && _outstanding.Count == 0)
            _defect = Foreign;
        return Outcome is not null;
    }
}
