namespace DicomFunctions.Core.DicomWeb;

/// <summary>Why an instance was not stored.</summary>
public sealed record StowError
{
    /// <summary>The <see cref="Word"/> for an answer that does not say whether the instance was stored.</summary>
    public const string Unconfirmed = "unconfirmed";

    /// <summary>The DICOM failure reason (0008,1197); null if the server gave none.</summary>
    public int? Code { get; init; }

    /// <summary>A word of the records' closed list, for a failure without a number; otherwise null.</summary>
    public string? Word { get; init; }

    /// <summary>The failure in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The server's message, if any. It may contain identifiers: use it in records, never in logs.</summary>
    public string? Message { get; init; }
}
