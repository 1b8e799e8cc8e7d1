using System.Net;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Client;

/// <summary>How requests to DICOM stores are sent.</summary>
internal sealed class DicomWebPolicy : SendPolicy
{
    private readonly TimeSpan _firstDelay;
    private readonly TimeSpan _longestDelay;
    private readonly Random _random;

    public DicomWebPolicy(DicomWebOptions options, Random random)
    {
        MaxAttempts = options.MaxAttempts;
        MaxDuration = options.MaxRetryDuration;
        MaxRetryAfter = options.MaxRetryDuration;
        IdleTimeout = options.IdleTimeout;
        _firstDelay = options.RetryDelay;
        _longestDelay = options.MaxRetryDelay;
        _random = random;
    }

    /// <summary>
    /// <c>min(2^n + random(0..1] s, 32 s)</c>, or as long as the server asks:
    /// https://cloud.google.com/healthcare-api/docs/best-practices-request-latency. Where the store answers nearly all others, the failure
    /// was this one request's, and the first two waits are an eighth of that.
    /// </summary>
    public override TimeSpan DelayAfter(int attempts, in RequestOutcome outcome, bool isWell)
    {
        var delay = (_firstDelay * Math.Pow(2, attempts - 1))
            + (TimeSpan.FromSeconds(1 - _random.NextDouble()) * Math.Min(1, _firstDelay.TotalSeconds));
        if (attempts <= 2 && outcome.Status.Code != (int)HttpStatusCode.TooManyRequests && isWell)
            delay /= 8;
        delay = delay < _longestDelay ? delay : _longestDelay;
        return outcome.RetryAfter > delay ? outcome.RetryAfter.Value : delay;
    }
}
