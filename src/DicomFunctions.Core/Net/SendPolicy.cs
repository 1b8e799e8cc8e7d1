namespace DicomFunctions.Core.Net;

/// <summary>What differs between services in how requests are sent. By default each is sent once, without a time limit.</summary>
internal class SendPolicy
{
    /// <summary>How often one request is sent, the first time included.</summary>
    public int MaxAttempts { get; init; } = 1;

    /// <summary>No further attempt begins after this long.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.MaxValue;

    /// <summary>How long a request may fail to make progress: <see cref="IdleTimer"/>.</summary>
    public TimeSpan IdleTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The longest Retry-After that is honored; a longer one counts as this.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.MaxValue;

    /// <summary>Whether an answer of this status is worth another attempt.</summary>
    public virtual bool IsTransient(int statusCode) => statusCode is 408 or 425 or 429 or 500 or 502 or 503 or 504;

    /// <summary>Whether a request without an answer is worth another attempt.</summary>
    public virtual bool IsTransient(RequestFailure failure) => failure is
        RequestFailure.TimedOut or RequestFailure.Disconnected or RequestFailure.BrokenOff or RequestFailure.Unreadable;

    /// <summary>How long to wait for the next attempt.</summary>
    /// <param name="attempts">How often the request has been sent.</param>
    /// <param name="outcome">How the last attempt ended.</param>
    /// <param name="isWell">Whether the service answers nearly all other requests.</param>
    public virtual TimeSpan DelayAfter(int attempts, in RequestOutcome outcome, bool isWell) => outcome.RetryAfter ?? TimeSpan.Zero;
}
