using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Net;

/// <summary>How one HTTP request ended.</summary>
internal readonly record struct Attempt
{
    public bool Success { get; init; }

    public OutcomeStatus Status { get; init; }

    /// <summary>Worth sending again.</summary>
    public bool IsTransient { get; init; }

    /// <summary>How long the server asks to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public ServerError? Error { get; init; }

    /// <summary>The trouble of this host that kept the request from being sent or answered; see <see cref="HostTrouble"/>.</summary>
    public Exception? HostFailure { get; init; }

    public static Attempt Succeeded(int code) => new() { Success = true, Status = OutcomeStatus.Of(code) };

    public static Attempt Broken(string what) => new() { Status = OutcomeStatus.Of(what), IsTransient = true };

    public static Attempt OfHost(Exception exception) => new() { IsTransient = true, HostFailure = exception };

    public static Attempt Refused(string what) => new() { Status = OutcomeStatus.Of(what) };
}
