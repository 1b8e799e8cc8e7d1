namespace DicomFunctions.Local.Tests.Engine;

/// <summary>A clock that shows the wrong time, while time passes normally.</summary>
internal sealed class WrongClock : TimeProvider
{
    private long _ahead;

    public TimeSpan Ahead
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
        set => Interlocked.Exchange(ref _ahead, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
