using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>Options of an <see cref="EmbeddedEngine"/>.</summary>
internal sealed record EmbeddedEngineOptions
{
    /// <summary>The directory of the journals. Created if missing; only one process can use it at a time.</summary>
    public required string Directory { get; init; }

    /// <summary>The most activities that run at once, across all instances. Default: 5.</summary>
    public int MaxConcurrentActivities { get; init; } = 5;

    /// <summary>How activities that throw are retried.</summary>
    public ActivityRetry ActivityRetry { get; init; } = ActivityRetry.Default;

    /// <summary>
    /// The longest an output of a repeatable activity (<see cref="ActivityRef{TIn,TOut}.IsRepeatable"/>) may remain not durable, and so
    /// the most work that a crash repeats. Default: 25 ms.
    /// </summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How long a stop waits for running activities to respond to cancellation. Default: 10 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Makes effects of activities durable that are not durable by themselves; called once for many activities, before their outputs become
    /// durable. If it throws, the instances concerned return to their last durable state.
    /// </summary>
    public Func<Task>? SyncEffects { get; init; }

    /// <summary>
    /// Which running instances continue at the start; the others stay as they are until someone starts, awaits or terminates them. Null:
    /// all.
    /// </summary>
    public Func<string, bool>? Resumes { get; init; }
}
