using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Testing.Workflow;

/// <summary>What a test asks of the engine it wants.</summary>
internal sealed record EngineSetup
{
    public int MaxConcurrentActivities { get; init; } = 5;

    /// <summary>Fast by default: what is tested is that, and how often.</summary>
    public ActivityRetry Retry { get; init; } = new() { MaxAttempts = 3, FirstDelay = TimeSpan.FromMilliseconds(1) };
}
