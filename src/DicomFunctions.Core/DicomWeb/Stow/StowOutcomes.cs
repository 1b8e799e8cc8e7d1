using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>Creates the outcome of an instance for its record.</summary>
internal static class StowOutcomes
{
    public static StowOutcome Stored(StowResponseItem? item) => new()
    {
        Success = true,
        Status = OutcomeStatus.Of(200),
        RetrieveUrl = item?.RetrieveUrl,
    };

    /// <summary>The server already has such an instance, and it differs or could not be compared.</summary>
    public static StowOutcome Conflict(StowResponseItem? item, string difference, RequestOutcome answer) => Failure(
        OutcomeStatus.Of(409),
        new StowError
        {
            FailureReason = item?.FailureReason ?? item?.WarningReason,
            Reason = difference,
            Message = item?.FailureDetail ?? answer.Error?.Message,
        });

    /// <summary>The server lists it as failed.</summary>
    public static StowOutcome Failed(StowResponseItem item, RequestOutcome answer)
    {
        var status = answer.Success ? OutcomeStatus.Of(409) : answer.Status;
        return Failure(
            status,
            new StowError
            {
                Code = item.FailureReason is { } reason ? FailureReason.CodeOf(reason) : null,
                FailureReason = item.FailureReason,
                Reason = item.FailureReason is { } number ? FailureReason.InWords(number) : InWords(status),
                Message = item.FailureDetail ?? answer.Error?.Message,
            });
    }

    /// <summary>The server does not list it: it refused the request, or its answer proves nothing.</summary>
    public static StowOutcome Unconfirmed(StowResponse? response, RequestOutcome answer)
    {
        var isRefusal = !answer.Success && response is not { Stored.Count: > 0 };
        return Failure(
            answer.Success
                ? OutcomeStatus.Of(
                    FailureCode.Unconfirmed, $"The server answered {answer.Status} but did not say it stored the instance.")
                : answer.Status,
            new StowError
            {
                Code = isRefusal ? null : FailureCode.Unconfirmed,
                Reason = isRefusal ? InWords(answer.Status) : "the server did not confirm the instance",
                Message = answer.Error?.Message,
            });
    }

    private static StowOutcome Failure(OutcomeStatus status, StowError error) => new() { Success = false, Status = status, Error = error };

    private static string InWords(OutcomeStatus status) => status.Code switch
    {
        0 => status.Text!,
        400 => "the server could not read the request",
        401 => "the credentials were refused",
        403 => "not permitted, or no such store",
        404 => "no such store",
        409 => "the server did not store the instance",
        413 => "the instance is too large for the server",
        415 => "the server does not accept this kind of upload",
        429 => "the quota is used up",
        _ => "the server failed",
    };
}
