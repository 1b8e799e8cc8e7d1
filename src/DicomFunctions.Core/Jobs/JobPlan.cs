namespace DicomFunctions.Core.Jobs;

/// <summary>How a job is worked, settled once its inputs are counted.</summary>
public sealed record JobPlan
{
    /// <summary>Inputs in all.</summary>
    public required long Inputs { get; init; }

    /// <summary>The most inputs of a batch.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The most runs in flight.</summary>
    public required int Window { get; init; }

    /// <summary>How long a run lasts; zero: one batch.</summary>
    public TimeSpan ActivityTime { get; init; }

    /// <summary>How long a leg should last; zero: a batch for each worker.</summary>
    public TimeSpan LegTime { get; init; }

    /// <summary>Whether one worker may do all of it in a moment: then the others are not called upon before it has tried.</summary>
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
