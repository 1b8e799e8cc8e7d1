using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>What became of one instance.</summary>
public sealed record StowOutcome
{
    public required bool Success { get; init; }

    /// <summary>The status code of the answer that settled this instance, or a text when there was none.</summary>
    public required OutcomeStatus Status { get; init; }

    /// <summary>The server had this very instance already: it was fetched and compared.</summary>
    public bool AlreadyStored { get; init; }

    /// <summary>Where the stored instance can be had (0008,1190); null when the server did not say.</summary>
    public string? RetrieveUrl { get; init; }

    /// <summary>Why it was not stored; null on success.</summary>
    public StowError? Error { get; init; }

    /// <summary>HTTP requests that carried this instance.</summary>
    public int Attempts { get; init; }
}
