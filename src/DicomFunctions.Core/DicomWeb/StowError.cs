using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>Why an instance was not stored.</summary>
public sealed record StowError
{
    /// <summary>A constant of <see cref="FailureCode"/>; null if the status says it.</summary>
    public string? Code { get; init; }

    /// <summary>The DICOM failure reason (0008,1197); null if the server gave none.</summary>
    public int? FailureReason { get; init; }

    /// <summary>The failure in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The server's message, if any. It may contain identifiers: use it in records, never in logs.</summary>
    public string? Message { get; init; }
}
