using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>Makes the outcomes of retrievals.</summary>
internal static class RetrieveOutcomes
{
    /// <summary>The request cannot be sent.</summary>
    public static RetrieveOutcome Refused(string problem) =>
        new() { Success = false, Status = OutcomeStatus.Of(FailureCode.InvalidRequest, problem) };

    /// <param name="answer">How the last request ended.</param>
    /// <param name="hasAny">Whether the caller was given anything.</param>
    /// <param name="attempts">The number of requests sent.</param>
    /// <param name="unacceptable">What 406 means for this request.</param>
    public static RetrieveOutcome Of(in RequestOutcome answer, bool hasAny, int attempts, string unacceptable)
    {
        var isWhole = answer.Success && answer.Status.Code != 206;
        return new RetrieveOutcome
        {
            Success = isWhole,
            Status = isWhole ? OutcomeStatus.Of(hasAny ? 200 : 204) : answer.Status,
            Partial = !isWhole && hasAny,
            IsTransient = !isWhole && answer.IsTransient,
            Attempts = attempts,
            Error = isWhole ? null : Reason(answer, unacceptable),
        };
    }

    private static ServerError? Reason(in RequestOutcome answer, string unacceptable) => answer.Status.Code switch
    {
        206 => new ServerError { Message = "The server could not give all of it." },
        404 => answer.Error ?? new ServerError { Message = "The store has no such study, series or instance." },
        406 when answer.Error is { } error => error with { Message = $"{unacceptable} {error.Message}" },
        406 => new ServerError { Message = unacceptable },
        410 => answer.Error ?? new ServerError { Message = "The study, series or instance was deleted from the store." },
        _ => answer.Error,
    };
}
