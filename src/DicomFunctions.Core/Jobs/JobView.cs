using System.Text.Json.Serialization;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Core.Jobs;

/// <summary>A job as it stands.</summary>
public sealed record JobView
{
    public required string Id { get; init; }

    /// <summary>Null where <c>job.json</c> is damaged, and there is no summary that says it.</summary>
    public required JobKind? Kind { get; init; }

    public required JobStatus State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null where <c>job.json</c> is damaged.</summary>
    public required int? BufferSize { get; init; }

    /// <summary>Null where <c>job.json</c> is damaged.</summary>
    public required int? MaxWorkers { get; init; }

    public required JobProgress Progress { get; init; }

    /// <summary>Inputs a second so far; null before the first record.</summary>
    public double? Rate { get; init; }

    /// <summary>Why it failed, or which of its files is damaged.</summary>
    public string? Failure { get; init; }

    /// <summary>The job this one retries.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The job is of dropped files: it can be cancelled, but the drop alone goes on with them. Left out when false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool OfDrop { get; init; }

    /// <summary>Where an upload goes.</summary>
    public string? Destination { get; init; }

    /// <summary>The server it is for, where store paths follow its address; null for others, and for jobs of earlier builds.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The server it is for, where that is a DICOMweb root.</summary>
    public Uri? ServiceRoot { get; init; }

    /// <summary>How it ended; null while it has not.</summary>
    public JobSummary? Summary { get; init; }
}
