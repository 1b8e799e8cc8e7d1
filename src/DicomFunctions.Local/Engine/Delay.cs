namespace DicomFunctions.Local.Engine;

/// <summary>A wait requested by a workflow. It is a length, so changes of the clock cannot extend it.</summary>
/// <param name="Since">The workflow's time at the request.</param>
/// <param name="Length">How long to wait.</param>
internal readonly record struct Delay(DateTimeOffset Since, TimeSpan Length)
{
    /// <summary>The time left after a restart, as far as the clock can tell: from zero to the whole length.</summary>
    public TimeSpan LeftAt(DateTimeOffset now)
    {
        var passed = now > Since ? now - Since : TimeSpan.Zero;
        return passed < Length ? Length - passed : TimeSpan.Zero;
    }
}
