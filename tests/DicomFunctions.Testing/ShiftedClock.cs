namespace DicomFunctions.Testing;

/// <summary>The system's clock, set wrong or moved on: it shows another time, while time passes normally.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _ahead;

    /// <summary>How much later than the system's clock it is.</summary>
    public TimeSpan Ahead
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
        set => Interlocked.Exchange(ref _ahead, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
