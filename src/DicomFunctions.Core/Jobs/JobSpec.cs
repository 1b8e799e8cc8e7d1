using System.Text.Json.Serialization;
using DicomFunctions.Core.DicomWeb;

namespace DicomFunctions.Core.Jobs;

/// <summary>A job as it was accepted. Without credentials.</summary>
public sealed record JobSpec : IJobFile
{
    public required string Id { get; init; }

    public required JobKind Kind { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The most inputs a batch may hold.</summary>
    public required int BufferSize { get; init; }

    /// <summary>The most batches worked at the same time.</summary>
    public required int MaxWorkers { get; init; }

    /// <summary>Where an upload goes, <c>projects/…/dicomStores/…</c>.</summary>
    public string? Destination { get; init; }

    /// <summary>The inputs in <see cref="JobFiles.Given"/> are not sources but files themselves, in base64.</summary>
    public bool IsBase64 { get; init; }

    /// <summary>Inputs accepted; null when they are still to be expanded from <see cref="JobFiles.Given"/>.</summary>
    public long? Inputs { get; init; }

    /// <summary>How far searches for instances are put together.</summary>
    public Collapse Collapse { get; init; }

    /// <summary>The job this one retries.</summary>
    public string? RetryOf { get; init; }

    /// <summary>The address of the server it was accepted for, where store paths follow it. Nothing of the job goes to another server.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The address of the server it was accepted for, where that is a DICOMweb root.</summary>
    public Uri? ServiceRoot { get; init; }

    /// <summary>What earlier builds kept of the server, instead of its address; null since then, and before.</summary>
    public string? Server { get; init; }

    /// <summary>The server it was accepted for; null: an earlier build did not keep its address.</summary>
    [JsonIgnore]
    internal DicomServer? AcceptedFor =>
        ServiceRoot is not null ? new DicomServer(ServiceRoot, IsRoot: true)
        : BaseUrl is not null ? new DicomServer(BaseUrl, IsRoot: false)
        : null;

    /// <summary>Whether a server is the one it was accepted for, as far as is known.</summary>
    internal bool IsFor(DicomServer server) =>
        AcceptedFor?.IsSameAs(server) ?? (Server is null || Server == server.ShortName);

    /// <summary>When it was last resumed; null: never. A resume writes it, so that a deletion at the same moment fails, or the resume does.</summary>
    public DateTimeOffset? ResumedAt { get; init; }

    /// <summary>When it was deleted: this is a tombstone, and what is left of the job is to be removed. Null: it is a job.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The workflow instance that runs it, where that is not the job's own: the blob drop.</summary>
    public string? Instance { get; init; }

    /// <summary>
    /// What a workflow of its own runs is not gone on with by hand. Dropped files lie where the next round finds them, or in
    /// <c>drop/failed</c>; and where they go is for the drop's rules of now to say, not for those of then.
    /// </summary>
    [JsonIgnore]
    public bool IsOfDrop => Instance is not null;

    /// <summary>Stands for the spec of a job whose own cannot be read.</summary>
    internal static JobSpec Unreadable(string id) => new()
    {
        Id = id,
        Kind = default,
        CreatedAt = JobId.Time(id),
        BufferSize = 1,
        MaxWorkers = 1,
    };

    bool IJobFile.IsOf(string id) =>
        Id == id
        && Enum.IsDefined(Kind)
        && Enum.IsDefined(Collapse)
        && BufferSize > 0
        && MaxWorkers > 0
        && Inputs is null or >= 0
        && BaseUrl is null or { IsAbsoluteUri: true }
        && ServiceRoot is null or { IsAbsoluteUri: true };
}
