using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>Counts the outcomes of consecutive inputs.</summary>
/// <param name="first">The number of the first, counted from 0.</param>
internal sealed class BatchTally(long first)
{
    private readonly Dictionary<string, long> _statuses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FailureCount> _failures = new(StringComparer.Ordinal);
    private long _succeeded;
    private long _failed;
    private long _attempts;
    private long _bytes;

    /// <summary>Records written.</summary>
    public long Records => _succeeded + _failed;

    /// <summary>Counts the record of the next input.</summary>
    /// <param name="failureCode">A constant of <see cref="Failures.FailureCode"/>; null for a success.</param>
    /// <param name="status">Its status.</param>
    /// <param name="attempts">The number of requests sent for it.</param>
    /// <param name="bytes">Its payload.</param>
    public void Add(string? failureCode, OutcomeStatus status, int attempts, long bytes)
    {
        if (failureCode is not null)
        {
            var known = _failures.GetValueOrDefault(failureCode);
            _failures[failureCode] = new FailureCount(failureCode, (known?.Count ?? 0) + 1, known?.First ?? first + Records);
        }

        if (failureCode is null)
            _succeeded++;
        else
            _failed++;
        _attempts += attempts;
        _bytes += bytes;
        var key = status.Text is null ? status.ToString() : "error";
        _statuses[key] = _statuses.GetValueOrDefault(key) + 1;
    }

    public JobProgress ToProgress() => new() { Succeeded = _succeeded, Failed = _failed, Failures = FailureCounts.Sum(_failures.Values) };

    public JobCounts ToCounts() => new()
    {
        Succeeded = _succeeded,
        Failed = _failed,
        Attempts = _attempts,
        Bytes = _bytes,
        Statuses = _statuses,
        Failures = FailureCounts.Sum(_failures.Values),
    };
}
