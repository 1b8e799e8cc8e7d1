using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>The outcome of storing one instance.</summary>
public sealed record StowOutcome
{
    public required bool Success { get; init; }

    /// <summary>The status code of the answer that decided the outcome, or a text if there was none.</summary>
    public required OutcomeStatus Status { get; init; }

    /// <summary>A constant of <see cref="Failures.FailureCode"/>; null on success.</summary>
    public string? FailureCode => Success ? null : Error?.Code ?? Status.FailureCode;

    /// <summary>Whether the server already had the same instance, as a comparison has shown.</summary>
    public bool AlreadyStored { get; init; }

    /// <summary>The URL to retrieve the stored instance from (0008,1190); null if the server gave none.</summary>
    public string? RetrieveUrl { get; init; }

    /// <summary>Why it was not stored; null on success.</summary>
    public StowError? Error { get; init; }

    /// <summary>The number of HTTP requests that contained this instance.</summary>
    public int Attempts { get; init; }
}
