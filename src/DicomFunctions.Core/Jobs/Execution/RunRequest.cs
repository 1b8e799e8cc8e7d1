namespace DicomFunctions.Core.Jobs.Execution;

/// <summary>Asks for a run: consecutive inputs to be worked in batches, as many as there is time for.</summary>
public sealed record RunRequest
{
    public required string JobId { get; init; }

    /// <summary>The results file its blocks belong to.</summary>
    public required int Part { get; init; }

    /// <summary>Its place in the part: its first input, counted from the leg's first.</summary>
    public required int Block { get; init; }

    /// <summary>The first input.</summary>
    public required long First { get; init; }

    /// <summary>Inputs handed out; at least one.</summary>
    public required long Count { get; init; }

    /// <summary>How long the run may last, where that is not <see cref="JobOptions.ActivityTime"/>.</summary>
    public TimeSpan? Limit { get; init; }
}
