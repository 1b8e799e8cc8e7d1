namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>What one execution of a batch did.</summary>
public sealed record BatchResult
{
    /// <summary>Names the execution's blocks; see <see cref="Storage.BlockId"/>.</summary>
    public required long Execution { get; init; }

    /// <summary>How many blocks it staged.</summary>
    public required int Blocks { get; init; }

    public required JobCounts Counts { get; init; }

    /// <summary>Inputs at its end that were passed over, because the job is to stop.</summary>
    public long NotAttempted { get; init; }

    /// <summary>Why nothing of it was tried, nor will be by trying again: the job fails. Null: it was worked.</summary>
    public string? Refusal { get; init; }
}
