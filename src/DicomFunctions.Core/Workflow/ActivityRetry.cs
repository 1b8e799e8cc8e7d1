namespace DicomFunctions.Core.Workflow;

/// <summary>How an engine retries an activity that throws: broken infrastructure only, so the same for all.</summary>
public sealed record ActivityRetry
{
    /// <summary>Seven attempts over about two minutes.</summary>
    public static ActivityRetry Default { get; } = new();

    /// <summary>Executions in all, the first included.</summary>
    public int MaxAttempts { get; init; } = 7;

    /// <summary>The wait before the second attempt.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much longer each wait is than the one before.</summary>
    public double BackoffCoefficient { get; init; } = 2;

    /// <summary>The longest wait.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The wait after a failed attempt, counted from 1.</summary>
    public TimeSpan DelayAfter(int attempt) =>
        TimeSpan.FromTicks((long)Math.Min(MaxDelay.Ticks, FirstDelay.Ticks * Math.Pow(BackoffCoefficient, attempt - 1)));
}
