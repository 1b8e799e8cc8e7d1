namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>How long a run may last. It is looked at before each input but the first: a run does at least one.</summary>
/// <param name="time">The clock.</param>
/// <param name="length">From now; zero: one batch, for no longer than <see cref="Longest"/>.</param>
internal sealed class RunLimit(TimeProvider time, TimeSpan length)
{
    /// <summary>The most that <see cref="JobOptions.ActivityTime"/> can be.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly long _started = time.GetTimestamp();
    private readonly TimeSpan _length = length == TimeSpan.Zero ? Longest : length;
    private bool _isOver;

    /// <summary>Whether no further input is to be begun.</summary>
    public bool IsReached => _isOver || time.GetElapsedTime(_started) >= _length;

    /// <summary>Says that a batch has been worked.</summary>
    public void EndBatch() => _isOver |= length == TimeSpan.Zero;
}
