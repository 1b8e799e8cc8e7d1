namespace DicomFunctions.Core.Jobs.Activities;

/// <summary>Where the batches of a leg lie in <see cref="JobFiles.Input"/>.</summary>
public sealed record LegPlan
{
    /// <summary>The offset of each batch, and the end of the last.</summary>
    public required IReadOnlyList<long> Offsets { get; init; }
}
