namespace DicomFunctions.Emulator.Faults;

/// <summary>What goes wrong with one request; by default nothing.</summary>
internal readonly record struct FaultPlan
{
    public TimeSpan Latency { get; init; }

    public bool DropBefore { get; init; }

    public int? Status { get; init; }

    public bool Html { get; init; }

    public bool DropAfter { get; init; }

    public int? TruncateAfter { get; init; }

    public bool IsFault => DropBefore || Status is not null || Html || DropAfter || TruncateAfter is not null;
}
