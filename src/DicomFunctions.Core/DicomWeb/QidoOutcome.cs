using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>How a search ended.</summary>
public readonly record struct QidoOutcome
{
    /// <summary>Every match within the window was written.</summary>
    public required bool Success { get; init; }

    /// <summary>200, 204, the code of the failure, or a text when there was no (usable) answer.</summary>
    public required OutcomeStatus Status { get; init; }

    /// <summary>Some rows were written before the failure.</summary>
    public bool Partial { get; init; }

    /// <summary>Rows that came again on a later page, or twice on one, and were written once.</summary>
    public long RepeatedRows { get; init; }

    /// <summary>HTTP requests sent, all pages and retries.</summary>
    public int Attempts { get; init; }

    /// <summary>What the server said of the failure.</summary>
    public ServerError? Error { get; init; }
}
