using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Jobs;

namespace DicomFunctions.Core.Overview;

/// <summary>
/// What the newest jobs do and have done, and how the host is. Made of what all instances share, except for <see cref="SlowedStores"/>,
/// the last pull of <see cref="Subscription"/>, and <see cref="Health"/>. Contains counts, codes, ids and times only.
/// </summary>
internal sealed record OverviewReport
{
    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The version of the host.</summary>
    public required string Version { get; init; }

    /// <summary>The number of jobs it was made of: the newest.</summary>
    public required int Jobs { get; init; }

    /// <summary>Whether the last day had more jobs than those.</summary>
    public required bool HasMore { get; init; }

    /// <summary>These jobs by state.</summary>
    public required IReadOnlyDictionary<JobStatus, int> States { get; init; }

    /// <summary>Those that are pending, running or stopping, newest first; at most <see cref="OverviewReports.MaxRunning"/>.</summary>
    public required IReadOnlyList<JobView> Running { get; init; }

    /// <summary>The records of each minute of the last hour, oldest first.</summary>
    public required IReadOnlyList<OverviewBucket> Hour { get; init; }

    /// <summary>The records of each hour of the last day, oldest first.</summary>
    public required IReadOnlyList<OverviewBucket> Day { get; init; }

    /// <summary>Why inputs of the last day's jobs failed, most frequent first.</summary>
    public required IReadOnlyList<OverviewFailure> Failures { get; init; }

    /// <summary>Null if no files are taken from the drop folder.</summary>
    public DropBacklog? Drop { get; init; }

    /// <summary>Null if messages come neither from a subscription nor by push.</summary>
    public OverviewSubscription? Subscription { get; init; }

    /// <summary>The stores that this process sends less to than it could, because they refused too much.</summary>
    public required IReadOnlyList<SlowedStore> SlowedStores { get; init; }

    /// <summary>The quick health checks: <c>ok</c>, or what is wrong and what to do.</summary>
    public required IReadOnlyDictionary<string, string> Health { get; init; }
}
