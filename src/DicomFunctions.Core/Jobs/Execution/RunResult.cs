namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>What one execution of a run did.</summary>
public sealed record RunResult
{
    /// <summary>Names the execution's blocks; see <see cref="Storage.BlockId"/>.</summary>
    public required long Execution { get; init; }

    /// <summary>How many blocks it staged.</summary>
    public required int Blocks { get; init; }

    /// <summary>Inputs that have a record now: the first so many of those it was handed.</summary>
    public required long Worked { get; init; }

    public required JobCounts Counts { get; init; }

    /// <summary>How long it worked on its inputs, in milliseconds.</summary>
    public long ElapsedMs { get; init; }

    /// <summary>Whether it ended because the job is cancelled.</summary>
    public bool IsCancelled { get; init; }

    /// <summary>Why nothing of it was tried, nor will be by trying again: the job fails. Null: it was worked.</summary>
    public string? Refusal { get; init; }
}
