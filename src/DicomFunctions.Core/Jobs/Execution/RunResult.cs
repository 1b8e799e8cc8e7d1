namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>The output of a run.</summary>
internal sealed record RunResult
{
    /// <summary>The number in the names of its blocks; see <see cref="Storage.BlockId"/>.</summary>
    public required long Execution { get; init; }

    /// <summary>The number of blocks it staged.</summary>
    public required int Blocks { get; init; }

    /// <summary>How many of its inputs, counted from the first, have a record.</summary>
    public required long Worked { get; init; }

    public required JobCounts Counts { get; init; }

    /// <summary>How long its inputs took, in milliseconds.</summary>
    public long ElapsedMs { get; init; }

    /// <summary>Whether it ended because the job is cancelled.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>Why no input may be sent, now or later, so that the job fails; null if they were.</summary>
    public string? Refusal { get; init; }
}
