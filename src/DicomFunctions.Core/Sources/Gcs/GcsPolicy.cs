using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Sources.Gcs;

/// <summary>
/// Sends again as Google asks clients to (https://cloud.google.com/storage/docs/retry-strategy), within bounds.
/// </summary>
internal sealed class GcsPolicy : SendPolicy
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(32);

    private readonly Random _random;

    public GcsPolicy(SourceOptions options, Random random)
    {
        MaxAttempts = options.GcsMaxAttempts;
        IdleTimeout = options.GcsTimeout;
        MaxRetryAfter = LongestDelay;
        _random = random;
    }

    public override bool IsTransient(int statusCode) => statusCode is 408 or 429 or >= 500;

    public override bool IsTransient(RequestFailure failure) => failure is RequestFailure.Untrusted || base.IsTransient(failure);

    public override TimeSpan DelayAfter(int attempts, in RequestOutcome outcome, bool isWell)
    {
        var delay = TimeSpan.FromSeconds(Math.Pow(2, attempts - 1) * _random.NextDouble());
        delay = outcome.RetryAfter > delay ? outcome.RetryAfter.Value : delay;
        return delay < LongestDelay ? delay : LongestDelay;
    }
}
