using DicomFunctions.Core.Net;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>Counts the outcomes of inputs.</summary>
internal sealed class BatchTally
{
    private readonly Dictionary<string, long> _statuses = new(StringComparer.Ordinal);
    private long _succeeded;
    private long _failed;
    private long _attempts;
    private long _bytes;

    /// <summary>Records written.</summary>
    public long Records => _succeeded + _failed;

    /// <summary>Whether any of them is a failure.</summary>
    public bool HasFailures => _failed > 0;

    public void Add(bool success, OutcomeStatus status, int attempts, long bytes)
    {
        if (success)
            _succeeded++;
        else
            _failed++;
        _attempts += attempts;
        _bytes += bytes;
        var key = status.Text is null ? status.ToString() : "error";
        _statuses[key] = _statuses.GetValueOrDefault(key) + 1;
    }

    public JobProgress ToProgress() => new() { Succeeded = _succeeded, Failed = _failed };

    public JobCounts ToCounts() =>
        new() { Succeeded = _succeeded, Failed = _failed, Attempts = _attempts, Bytes = _bytes, Statuses = _statuses };
}
