using System.Text.Json.Serialization;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Records;

namespace DicomFunctions.Core.Jobs;

/// <summary>A job as it was accepted, without credentials: the content of <c>job.json</c>.</summary>
internal sealed record JobSpec : IJobFile
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

    /// <summary>Number of inputs; null until they are expanded from <see cref="JobFiles.Given"/>.</summary>
    public long? Inputs { get; init; }

    /// <summary>Which searches for instances are sent as one request.</summary>
    public Collapse Collapse { get; init; }

    /// <summary>What the messages of a notifications job lead to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FollowUp Then { get; init; }

    /// <summary>What a retrieve job's paths ask for. Requests that are dicts say so themselves.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RetrieveType RetrieveType { get; init; }

    /// <summary>The transfer syntax in which a retrieve job asks for instances; null to get them as they are stored.</summary>
    public string? TransferSyntax { get; init; }

    /// <summary>The folder of this machine that the files of a retrieve job go to; null for the object store.</summary>
    public string? Folder { get; init; }

    /// <summary>The job this one retries.</summary>
    public string? RetryOf { get; init; }

    /// <summary>Who submitted it: a user, a key, or where its messages or files come from. Null if not known.</summary>
    public string? SubmittedBy { get; init; }

    /// <summary>Words of the submitter's by which jobs are found: at most <see cref="JobLabels.MaxCount"/>. Null for none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The hash of the key it was submitted with: see <see cref="JobClaim.HashOf"/>. Null without one.</summary>
    public string? KeyHash { get; init; }

    /// <summary>With a key, the hash of what was submitted.</summary>
    public string? BodyHash { get; init; }

    /// <summary>The address of the server it was accepted for, if store paths follow it. The job is sent to no other server.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>The address of the server it was accepted for, if that is a DICOMweb root.</summary>
    public Uri? ServiceRoot { get; init; }

    /// <summary>The short name that some earlier builds stored instead of the server's address; null in all others.</summary>
    public string? Server { get; init; }

    /// <summary>The server it was accepted for; null if an earlier build did not store its address.</summary>
    [JsonIgnore]
    internal DicomServer? AcceptedFor =>
        ServiceRoot is not null ? new DicomServer(ServiceRoot, IsRoot: true)
        : BaseUrl is not null ? new DicomServer(BaseUrl, IsRoot: false)
        : null;

    /// <summary>Whether it was accepted for this server, or for one that is not known.</summary>
    internal bool IsFor(DicomServer server) =>
        AcceptedFor?.IsSameAs(server) ?? (Server is null || Server == server.ShortName);

    /// <summary>
    /// When it was last resumed; null if never. Resuming writes it so that, of a resume and a deletion at once, one fails.
    /// </summary>
    public DateTimeOffset? ResumedAt { get; init; }

    /// <summary>How often it was resumed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Resumes { get; init; }

    /// <summary>When it was deleted, which makes this a tombstone: the rest of the job is to be removed. Null for a job.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Whether the deletion includes the files that the job retrieved.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DeletesFiles { get; init; }

    /// <summary>
    /// The workflow instance that owns it and runs it: see <see cref="IJobOwner"/>. Null if it has an instance of its own.
    /// </summary>
    [JsonPropertyName("instance")]
    public string? Owner { get; init; }

    /// <summary>A stand-in for a spec that cannot be read.</summary>
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
        && Enum.IsDefined(Then)
        && Enum.IsDefined(RetrieveType)
        && BufferSize > 0
        && MaxWorkers > 0
        && Inputs is null or >= 0
        && JobLabels.ProblemOf(Labels) is null
        && (Folder is null || Path.IsPathFullyQualified(Folder))
        && Resumes >= 0
        && (KeyHash is null || (JobClaim.IsHash(KeyHash) && BodyHash is not null))
        && BaseUrl is null or { IsAbsoluteUri: true }
        && ServiceRoot is null or { IsAbsoluteUri: true };
}
