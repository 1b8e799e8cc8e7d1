using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Jobs;

/// <summary>How a job ended: <c>summary.json</c>.</summary>
internal sealed record JobSummary : IJobFile
{
    public required string Id { get; init; }

    public required JobKind Kind { get; init; }

    /// <summary>Completed or cancelled. A failed job has no summary: it can be resumed.</summary>
    public required JobStatus State { get; init; }

    public required long Inputs { get; init; }

    public required long Succeeded { get; init; }

    public required long Failed { get; init; }

    /// <summary>Number of inputs without a record because the job was cancelled before them.</summary>
    public required long NotAttempted { get; init; }

    /// <summary>These inputs, as ranges <c>[first, count]</c> counted from 0.</summary>
    public required IReadOnlyList<long[]> NotAttemptedInputs { get; init; }

    /// <summary>Records by status.</summary>
    public required IReadOnlyDictionary<string, long> Statuses { get; init; }

    public required long Attempts { get; init; }

    public required long Bytes { get; init; }

    /// <summary>The failures by code, most frequent first; of each, the number of its first record.</summary>
    public IReadOnlyList<FailureCount> Failures { get; init => field = value ?? []; } = [];

    /// <summary>Number of parts.</summary>
    public required int Parts { get; init; }

    /// <summary>
    /// For each part, <c>[records, failed, ms]</c>, as in <see cref="JobView.PartRecords"/>; null in a view, which has them itself.
    /// </summary>
    public IReadOnlyList<long[]>? PartRecords { get; init; }

    /// <summary>Who submitted it; null if not known.</summary>
    public string? SubmittedBy { get; init; }

    /// <summary>The labels it was submitted with.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Inputs per second, from start to finish.</summary>
    public required double Rate { get; init; }

    bool IJobFile.IsOf(string id) =>
        Id == id
        && Enum.IsDefined(Kind)
        && State is JobStatus.Completed or JobStatus.Cancelled
        && Parts >= 0
        && JobState.AreCounts(PartRecords ?? [], Parts)
        && NotAttemptedInputs.All(run => run is [>= 0, > 0]);
}
