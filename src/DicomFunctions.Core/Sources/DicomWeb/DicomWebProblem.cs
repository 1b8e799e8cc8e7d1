using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Sources.DicomWeb;

/// <summary>Describes the failures of a DICOMweb server as problems of a source.</summary>
internal static class DicomWebProblem
{
    /// <summary>Why a search is not complete.</summary>
    public static SourceProblem Of(in QidoOutcome search)
    {
        var problem = Of(search.Status, search.Error, search.IsTransient);
        return problem with { Message = $"The search for sources is not complete, so that some may be missing here. {problem.Message}" };
    }

    /// <summary>Why an instance is not open.</summary>
    public static SourceProblem Of(RetrieveOutcome outcome) => outcome.Success
        ? new(FailureCode.NotFound, "The server gives no instance under this name.")
        : Of(outcome.Status, outcome.Error, outcome.IsTransient);

    private static SourceProblem Of(OutcomeStatus status, ServerError? error, bool isTransient)
    {
        var (code, message) = status.Code switch
        {
            401 or 403 => (FailureCode.Forbidden, $"The source's server refuses this host's credential ({status})."),
            404 or 410 => (FailureCode.NotFound, $"The source's server does not have it ({status})."),
            > 0 when isTransient => (FailureCode.Unavailable, $"The source's server answered {status}, again and again."),
            > 0 => (FailureCode.Unreadable, $"The source's server answered {status}."),
            _ => (isTransient ? FailureCode.Unavailable : FailureCode.Unreadable, $"The source's server: {status}"),
        };
        return new(code, error is null ? message : $"{message} It says: {error.Message}");
    }
}
