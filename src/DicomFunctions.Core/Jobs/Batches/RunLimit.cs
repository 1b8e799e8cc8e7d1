namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>How long a run may last, counted from its first input: what it takes to look its inputs up says nothing of its pace.</summary>
/// <param name="time">The clock.</param>
/// <param name="length">Zero: one batch, for no longer than <see cref="Longest"/>.</param>
internal sealed class RunLimit(TimeProvider time, TimeSpan length)
{
    /// <summary>The most that <see cref="JobOptions.ActivityTime"/> can be.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly TimeSpan _length = length == TimeSpan.Zero ? Longest : length;
    private long? _started;
    private bool _isOver;

    /// <summary>Time since the first input was begun.</summary>
    public TimeSpan Elapsed => _started is { } started ? time.GetElapsedTime(started) : TimeSpan.Zero;

    /// <summary>Whether no further input is to be begun. A run does at least one.</summary>
    public bool IsReached => _isOver || Elapsed >= _length;

    /// <summary>Says that an input is begun.</summary>
    public void Begin() => _started ??= time.GetTimestamp();

    /// <summary>Says that a batch has been begun.</summary>
    public void EndBatch() => _isOver |= length == TimeSpan.Zero;
}
