using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>How an <see cref="EmbeddedEngine"/> works.</summary>
public sealed record EmbeddedEngineOptions
{
    /// <summary>Where the journals are. Made when missing; one process at a time may use it.</summary>
    public required string Directory { get; init; }

    /// <summary>Activities run at once, over all instances. Default: 5.</summary>
    public int MaxConcurrentActivities { get; init; } = 5;

    /// <summary>How activities that throw are retried.</summary>
    public ActivityRetry ActivityRetry { get; init; } = ActivityRetry.Default;

    /// <summary>
    /// The longest an output of a repeatable activity (<see cref="ActivityRef{TIn,TOut}.IsRepeatable"/>) stays undurable: what a
    /// crash may have to repeat. Default: 25 ms.
    /// </summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>How long a stop waits for running activities to heed their cancellation. Default: 10 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Makes the effects of activities durable that are not so by themselves; called before outputs are, once for many.
    /// When it throws, the instances concerned go back to their last durable state.
    /// </summary>
    public Func<Task>? SyncEffects { get; init; }

    /// <summary>
    /// Which instances found under way at the start are gone on with; the others stay as they are until somebody starts, awaits or
    /// terminates them. Null: all.
    /// </summary>
    public Func<string, bool>? Resumes { get; init; }
}
