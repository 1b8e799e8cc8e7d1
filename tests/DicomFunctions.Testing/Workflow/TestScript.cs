using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DicomFunctions.Core.Workflow;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.Testing.Workflow;

/// <summary>The workflows and activities of one test of an engine, and what became of them.</summary>
internal sealed class TestScript
{
    /// <summary>An ordinary activity.</summary>
    public static ActivityRef<string, string> Act { get; } = new("Act", Text, Text);

    /// <summary>Another name for the same.</summary>
    public static ActivityRef<string, string> Other { get; } = new("Other", Text, Text);

    /// <summary>One that may be run again at any time.</summary>
    public static ActivityRef<string, string> Repeatable { get; } = new("Repeatable", Text, Text) { IsRepeatable = true };

    private readonly ConcurrentQueue<string> _ran = new();
    private readonly ConcurrentDictionary<string, int> _times = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TestWorkflow> _workflows = [];
    private int _running;
    private int _mostRunning;

    private static JsonTypeInfo<string> Text => (JsonTypeInfo<string>)JsonSerializerOptions.Default.GetTypeInfo(typeof(string));

    /// <summary>What an activity does with its input; by default it gives it back in brackets.</summary>
    public Func<string, CancellationToken, Task<string>> Activity { get; set; } = (input, _) => Task.FromResult($"[{input}]");

    /// <summary>What an activity tells of itself before it does anything; null: nothing.</summary>
    public Func<string, JobProgress?> Progress { get; set; } = static _ => null;

    /// <summary>The inputs of all activities that began, in order.</summary>
    public IReadOnlyCollection<string> Ran => _ran;

    /// <summary>The most activities that ran at once.</summary>
    public int MostAtOnce => _mostRunning;

    /// <summary>The name of a workflow.</summary>
    public static WorkflowRef<string> Ref(string name = "Test") => new(name, Text);

    /// <summary>How often an activity began with this input.</summary>
    public int Times(string input) => _times.GetValueOrDefault(input);

    /// <summary>Adds a workflow.</summary>
    public TestScript Workflow(Func<IWorkflowContext, string, Task<WorkflowTurn<string>>> turn, string name = "Test")
    {
        _workflows[name] = new TestWorkflow(turn);
        return this;
    }

    /// <summary>Adds a workflow that is done when its function is.</summary>
    public TestScript Workflow(Func<IWorkflowContext, Task> turn, string name = "Test") => Workflow(
        async (context, state) =>
        {
            await turn(context);
            return WorkflowTurn.Done(state);
        },
        name);

    /// <summary>The catalog an engine is made with.</summary>
    public WorkflowCatalog Catalog()
    {
        var catalog = new WorkflowCatalog(new ServiceCollection().AddSingleton(this).BuildServiceProvider());
        foreach (var activity in (ReadOnlySpan<ActivityRef<string, string>>)[Act, Other, Repeatable])
            catalog.AddActivity<TestActivity, string, string>(activity);
        foreach (var (name, workflow) in _workflows)
            catalog.AddWorkflow(Ref(name), workflow);
        return catalog;
    }

    internal async Task<string> RunAsync(string input, IProgress<JobProgress>? progress, CancellationToken cancellationToken)
    {
        if (Progress(input) is { } told)
            progress?.Report(told);
        _ran.Enqueue(input);
        _times.AddOrUpdate(input, 1, (_, times) => times + 1);
        var running = Interlocked.Increment(ref _running);
        for (var most = _mostRunning; running > most; most = _mostRunning)
            Interlocked.CompareExchange(ref _mostRunning, running, most);
        try
        {
            return await Activity(input, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
