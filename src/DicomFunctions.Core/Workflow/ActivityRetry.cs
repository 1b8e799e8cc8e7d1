namespace DicomFunctions.Core.Workflow;

/// <summary>How an engine retries an activity that throws. Only broken infrastructure throws, so one policy fits all activities.</summary>
internal sealed record ActivityRetry
{
    /// <summary>Seven attempts over about two minutes.</summary>
    public static ActivityRetry Default { get; } = new();

    /// <summary>The number of attempts, including the first.</summary>
    public int MaxAttempts { get; init; } = 7;

    /// <summary>The wait before the second attempt.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The factor between one wait and the next.</summary>
    public double BackoffCoefficient { get; init; } = 2;

    /// <summary>The longest wait.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The wait after a failed attempt; attempts count from 1.</summary>
    public TimeSpan DelayAfter(int attempt) =>
        TimeSpan.FromTicks((long)Math.Min(MaxDelay.Ticks, FirstDelay.Ticks * Math.Pow(BackoffCoefficient, attempt - 1)));
}
