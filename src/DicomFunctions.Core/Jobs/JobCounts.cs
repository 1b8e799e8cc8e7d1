using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Jobs;

/// <summary>Counts of inputs by outcome.</summary>
internal sealed record JobCounts
{
    /// <summary>Records with <c>success: true</c>.</summary>
    public long Succeeded { get; init; }

    /// <summary>Records with <c>success: false</c>.</summary>
    public long Failed { get; init; }

    /// <summary>HTTP requests sent to stores.</summary>
    public long Attempts { get; init; }

    /// <summary>Bytes of DICOM sent, or of records written: the payload of the job's kind.</summary>
    public long Bytes { get; init; }

    /// <summary>Records by status; a status that is text counts as <c>error</c>.</summary>
    public IReadOnlyDictionary<string, long> Statuses { get; init; } = new Dictionary<string, long>();

    /// <summary>The failures by code, most frequent first: at most <see cref="FailureCounts.MaxCodes"/>.</summary>
    public IReadOnlyList<FailureCount> Failures { get; init => field = value ?? []; } = [];

    /// <summary>The sum of both.</summary>
    public JobCounts Plus(JobCounts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var statuses = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (status, count) in Statuses.Concat(other.Statuses))
            statuses[status] = statuses.GetValueOrDefault(status) + count;
        return new JobCounts
        {
            Succeeded = Succeeded + other.Succeeded,
            Failed = Failed + other.Failed,
            Attempts = Attempts + other.Attempts,
            Bytes = Bytes + other.Bytes,
            Statuses = statuses,
            Failures = FailureCounts.Sum(Failures.Concat(other.Failures)),
        };
    }
}
