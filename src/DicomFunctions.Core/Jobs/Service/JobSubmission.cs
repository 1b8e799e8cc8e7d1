using System.Text.Json.Serialization;
using DicomFunctions.Core.Records;

namespace DicomFunctions.Core.Jobs.Service;

/// <summary>The settings of a new job.</summary>
internal sealed record JobSubmission
{
    public required JobKind Kind { get; init; }

    /// <summary>The most inputs in a batch; null for <see cref="JobOptions.BufferSize"/>.</summary>
    public int? BufferSize { get; init; }

    /// <summary>The most requests in flight; null for <see cref="JobOptions.MaxWorkers"/>.</summary>
    public int? MaxWorkers { get; init; }

    /// <summary>Where an upload goes, <c>projects/…/dicomStores/…</c>.</summary>
    public string? Destination { get; init; }

    /// <summary>Whether the inputs of an upload are files in base64 rather than sources.</summary>
    public bool IsBase64 { get; init; }

    /// <summary>Which searches for instances are sent as one request.</summary>
    public Collapse Collapse { get; init; }

    /// <summary>What the messages of a notifications job lead to.</summary>
    public FollowUp Then { get; init; }

    /// <summary>What a retrieve job's paths ask for.</summary>
    public RetrieveType RetrieveType { get; init; }

    /// <summary>The transfer syntax in which a retrieve job asks for instances; null to get them as they are stored.</summary>
    public string? TransferSyntax { get; init; }

    /// <summary>
    /// The folder of this machine that the files of a retrieve job go to, as a full path; null for the object store. Never taken from a
    /// request: the caller's machine is another.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>The job this one retries.</summary>
    public string? RetryOf { get; init; }

    /// <summary>Who submits it: see <see cref="JobSpec.SubmittedBy"/>. A repetition may come from someone else.</summary>
    [JsonIgnore]
    public string? SubmittedBy { get; init; }

    /// <summary>Its labels: see <see cref="JobLabels"/>.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The workflow instance that owns it and runs it: see <see cref="JobSpec.Owner"/>.</summary>
    public string? Owner { get; init; }
}
