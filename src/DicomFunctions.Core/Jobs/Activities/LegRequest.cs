namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>Asks where the batches of the next leg lie.</summary>
public sealed record LegRequest
{
    public required string JobId { get; init; }

    public required JobPlan Plan { get; init; }

    /// <summary>Counted over the whole job.</summary>
    public required long FirstBatch { get; init; }
}
