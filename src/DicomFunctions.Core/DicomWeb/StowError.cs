namespace DicomFunctions.Core.DicomWeb;

/// <summary>Why an instance was not stored.</summary>
public sealed record StowError
{
    /// <summary>The <see cref="Word"/> for an answer that does not say what became of the instance.</summary>
    public const string Unconfirmed = "unconfirmed";

    /// <summary>The DICOM failure reason (0008,1197); null when the server gave none.</summary>
    public int? Code { get; init; }

    /// <summary>A word of the records' closed list, for what has no number; null otherwise.</summary>
    public string? Word { get; init; }

    /// <summary>The failure in words.</summary>
    public required string Reason { get; init; }

    /// <summary>What the server said besides; null when nothing. It may name identifiers: for records, never for logs.</summary>
    public string? Message { get; init; }
}
