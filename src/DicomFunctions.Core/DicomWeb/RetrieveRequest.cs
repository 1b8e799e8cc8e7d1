using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>What to retrieve from a store (WADO-RS, PS3.18 §10.4): a study, one of its series, or one of its instances.</summary>
public sealed record RetrieveRequest
{
    /// <summary>The transfer syntax to ask for, to get every instance as it is stored.</summary>
    public const string AsStored = "*";

    public required DicomStorePath Store { get; init; }

    public required string StudyUid { get; init; }

    /// <summary>Null for the whole study.</summary>
    public string? SeriesUid { get; init; }

    /// <summary>Null for all instances. Needs <see cref="SeriesUid"/>.</summary>
    public string? SopInstanceUid { get; init; }

    /// <summary>The transfer syntax to ask for: a UID, or <see cref="AsStored"/>. Does not apply to metadata.</summary>
    public string TransferSyntax { get; init; } = AsStored;

    /// <summary>
    /// Whether an answer that breaks off after its first instance is asked for again, from its start. If not, it is for the caller to ask
    /// for what is missing.
    /// </summary>
    public bool StartsOver { get; init; } = true;

    /// <summary>Why it cannot be sent; null if it can.</summary>
    internal string? Problem() =>
        !DicomUid.IsValid(StudyUid) ? "StudyInstanceUID must be a UID."
        : SeriesUid is not null && !DicomUid.IsValid(SeriesUid) ? "SeriesInstanceUID must be a UID."
        : SopInstanceUid is not null && !DicomUid.IsValid(SopInstanceUid) ? "SOPInstanceUID must be a UID."
        : SopInstanceUid is not null && SeriesUid is null ? "SOPInstanceUID needs its SeriesInstanceUID."
        : TransferSyntax != AsStored && !DicomUid.IsValid(TransferSyntax) ? "The transfer syntax to ask for must be a UID or '*'."
        : null;
}
