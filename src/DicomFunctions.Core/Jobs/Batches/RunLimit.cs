namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>The time limit of a run, counted from its first input, since looking up its inputs says nothing about its pace.</summary>
/// <param name="time">The clock.</param>
/// <param name="length">The limit; zero for one batch, within <see cref="Longest"/>.</param>
/// <param name="activityTime">The limit of any run, <see cref="JobOptions.ActivityTime"/>; null if <paramref name="length"/> is
/// that.</param>
internal sealed class RunLimit(TimeProvider time, TimeSpan length, TimeSpan? activityTime = null)
{
    /// <summary>The maximum of <see cref="JobOptions.ActivityTime"/>.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly TimeSpan _length = OrLongest(length);
    private readonly TimeSpan _activityTime = OrLongest(activityTime ?? length);
    private long? _started;
    private bool _isOver;

    /// <summary>Time since the first input began.</summary>
    public TimeSpan Elapsed => _started is { } started ? time.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>Whether no further input may begin. A run processes at least one.</summary>
    public bool IsReached => _isOver || Elapsed >= _length;

    /// <summary>Whether even an input in progress has used up the time of a run, however short this run was to be.</summary>
    public bool IsUsedUp => Elapsed >= _activityTime;

    /// <summary>Tells that an input begins.</summary>
    public void Begin() => _started ??= time.GetTimestamp();

    /// <summary>Tells that all inputs of a batch have begun.</summary>
    public void EndBatch() => _isOver |= length == TimeSpan.Zero;

    private static TimeSpan OrLongest(TimeSpan time) => time == TimeSpan.Zero ? Longest : time;
}
