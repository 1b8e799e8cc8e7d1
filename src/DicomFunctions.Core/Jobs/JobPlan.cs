namespace DicomFunctions.Core.Jobs;

/// <summary>How a job is divided into batches, runs and legs. Fixed once its inputs are counted.</summary>
internal sealed record JobPlan
{
    /// <summary>Number of inputs.</summary>
    public required long Inputs { get; init; }

    /// <summary>The most inputs in a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The most runs in flight.</summary>
    public required int Window { get; init; }

    /// <summary>How long a run lasts; zero for one batch.</summary>
    public TimeSpan ActivityTime { get; init; }

    /// <summary>How long a leg should last; zero for one batch per worker.</summary>
    public TimeSpan LegTime { get; init; }

    /// <summary>What the next run that expands sources continues; null once all inputs are counted.</summary>
    public ExpansionPoint? Expansion { get; init; }

    /// <summary>Whether one worker may finish it in a moment. If so, it tries alone first.</summary>
    internal bool IsSmall => Inputs <= (long)Window * BatchSize;

    internal static JobPlan For(JobSpec spec, long inputs, JobOptions options) => new()
    {
        Inputs = inputs,
        BatchSize = spec.BufferSize,
        Window = spec.MaxWorkers,
        ActivityTime = options.ActivityTime,
        LegTime = options.LegTime,
    };
}
