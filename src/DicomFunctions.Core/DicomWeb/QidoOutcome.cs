using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb;

/// <summary>The outcome of a search.</summary>
public readonly record struct QidoOutcome
{
    /// <summary>Whether every match in the window was written.</summary>
    public required bool Success { get; init; }

    /// <summary>200, 204, the status code of the failure, or a text if there was no usable answer.</summary>
    public required OutcomeStatus Status { get; init; }

    /// <summary>A constant of <see cref="Failures.FailureCode"/>; null on success.</summary>
    public string? FailureCode => Success ? null : Status.FailureCode;

    /// <summary>Whether some rows were written before the failure.</summary>
    public bool Partial { get; init; }

    /// <summary>Whether a failure may be over later: the server was busy or out of reach, or broke off.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The number of rows that were returned more than once, and were written once.</summary>
    public long RepeatedRows { get; init; }

    /// <summary>The number of HTTP requests sent, including all pages and retries.</summary>
    public int Attempts { get; init; }

    /// <summary>The server's message about the failure.</summary>
    public ServerError? Error { get; init; }
}
