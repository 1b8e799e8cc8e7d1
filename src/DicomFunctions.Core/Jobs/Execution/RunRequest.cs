namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>The input of a run: consecutive inputs, of which it processes as many as there is time for.</summary>
internal sealed record RunRequest
{
    public required string JobId { get; init; }

    /// <summary>The part that its blocks belong to.</summary>
    public required int Part { get; init; }

    /// <summary>Its position in the part: its first input, counted from the leg's first.</summary>
    public required int Block { get; init; }

    /// <summary>The first input.</summary>
    public required long First { get; init; }

    /// <summary>The number of inputs; at least one.</summary>
    public required long Count { get; init; }

    /// <summary>How long the run may last; null for <see cref="JobOptions.ActivityTime"/>.</summary>
    public TimeSpan? Limit { get; init; }
}
