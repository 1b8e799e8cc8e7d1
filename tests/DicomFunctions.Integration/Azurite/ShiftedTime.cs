namespace DicomFunctions.Integration.Azurite;

/// <summary>The system's clock, and later.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    /// <summary>How much later.</summary>
    public TimeSpan Shift { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}
