namespace DicomFunctions.Core.Jobs;

/// <summary>How a job's inputs are cut into batches.</summary>
public sealed record JobPlan
{
    /// <summary>Inputs in all.</summary>
    public required long Inputs { get; init; }

    /// <summary>Inputs in every batch but the last: <c>clamp(ceil(inputs / max_workers), 1, buffer_size)</c>.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The most batches in flight.</summary>
    public required int Window { get; init; }

    /// <summary>The most batches between two checkpoints.</summary>
    public required int LegBatches { get; init; }

    /// <summary>Batches in all.</summary>
    public long Batches => (Inputs + BatchSize - 1) / BatchSize;

    internal static JobPlan For(JobSpec spec, long inputs, JobOptions options) => new()
    {
        Inputs = inputs,
        BatchSize = (int)Math.Clamp((inputs + spec.MaxWorkers - 1) / spec.MaxWorkers, 1, spec.BufferSize),
        Window = spec.MaxWorkers,
        // A leg ends by waiting for its slowest batch, so it is long against the window.
        LegBatches = Math.Max(options.LegBatches, 8 * spec.MaxWorkers),
    };
}
