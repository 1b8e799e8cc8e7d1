using System.Text.Json.Serialization;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs;

/// <summary>The state of a job.</summary>
internal sealed record JobView
{
    public required string Id { get; init; }

    /// <summary>Null if <c>job.json</c> is damaged and there is no summary.</summary>
    public required JobKind? Kind { get; init; }

    public required JobStatus State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null if <c>job.json</c> is damaged.</summary>
    public required int? BufferSize { get; init; }

    /// <summary>Null if <c>job.json</c> is damaged.</summary>
    public required int? MaxWorkers { get; init; }

    public required JobProgress Progress { get; init; }

    /// <summary>Inputs per second so far; null before the first record.</summary>
    public double? Rate { get; init; }

    /// <summary>Why it failed, or which of its files is damaged.</summary>
    public string? Failure { get; init; }

    /// <summary>The job this one retries.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The job belongs to the drop folder's workflow, so it cannot be resumed or retried by hand. Left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonPropertyName("of_drop")]
    public bool IsOwned { get; init; }

    /// <summary>Who submitted it: a user, a key, or where its messages or files come from. Null if not known.</summary>
    public string? SubmittedBy { get; init; }

    /// <summary>The labels it was submitted with; null for none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>When the next records can probably be read; null if not known, or if all can.</summary>
    public DateTimeOffset? RecordsAt { get; init; }

    /// <summary>Where an upload goes.</summary>
    public string? Destination { get; init; }

    /// <summary>The server it was accepted for, if store paths follow its address. Not known for jobs of earlier builds.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The server it was accepted for, if that is a DICOMweb root.</summary>
    public Uri? ServiceRoot { get; init; }

    /// <summary>
    /// For each committed part, the number of its records, of failures among them, and of milliseconds from the job's start to the part's
    /// end; for the first parts only if there are very many. Null in lists.
    /// </summary>
    public IReadOnlyList<long[]>? PartRecords { get; init; }

    /// <summary>How it ended; null until then.</summary>
    public JobSummary? Summary { get; init; }
}
