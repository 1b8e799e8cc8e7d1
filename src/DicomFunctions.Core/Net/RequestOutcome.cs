using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Net;

/// <summary>The outcome of an HTTP request.</summary>
internal readonly record struct RequestOutcome
{
    public bool Success { get; init; }

    public OutcomeStatus Status { get; init; }

    /// <summary>Whether it is worth another attempt.</summary>
    public bool IsTransient { get; init; }

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public ServerError? Error { get; init; }

    /// <summary>Why the request has no answer; <see cref="RequestFailure.None"/> if it has one.</summary>
    public RequestFailure Failure { get; init; }

    /// <summary>The exception, if there is a <see cref="Failure"/> or the answer could not be read.</summary>
    public Exception? Cause { get; init; }

    public static RequestOutcome Succeeded(int code) => new() { Success = true, Status = OutcomeStatus.Of(code) };

    /// <summary>The answer broke off.</summary>
    public static RequestOutcome Broken(string what) =>
        new() { Status = OutcomeStatus.Of(FailureCode.BrokenOff, what), IsTransient = true };

    /// <summary>The answer cannot be used, or the request cannot be sent. Another attempt would not change that.</summary>
    /// <param name="code">A constant of <see cref="FailureCode"/>.</param>
    /// <param name="what">Why, for people.</param>
    /// <param name="cause">The exception, if there was one.</param>
    public static RequestOutcome Refused(string code, string what, Exception? cause = null) =>
        new() { Status = OutcomeStatus.Of(code, what), Cause = cause };

    /// <summary>There is no answer.</summary>
    public static RequestOutcome Unanswered(RequestFailure failure, string what, Exception cause) =>
        new() { Status = OutcomeStatus.Of(CodeOf(failure), what), Failure = failure, Cause = cause };

    /// <summary>This host could not send the request or read its answer: see <see cref="HostTrouble"/>.</summary>
    public static RequestOutcome OfHost(Exception cause) => new() { IsTransient = true, Failure = RequestFailure.Host, Cause = cause };

    private static string CodeOf(RequestFailure failure) => failure switch
    {
        RequestFailure.NoToken => FailureCode.NoCredentials,
        RequestFailure.TimedOut => FailureCode.TimedOut,
        RequestFailure.Untrusted => FailureCode.Untrusted,
        RequestFailure.BrokenOff => FailureCode.BrokenOff,
        RequestFailure.Unreadable => FailureCode.BadAnswer,
        _ => FailureCode.Unreachable,
    };
}
