namespace DicomFunctions.Local.Engine;

/// <summary>A wait that a workflow has asked for: a length, which no change of the clock makes longer.</summary>
/// <param name="Since">The workflow's time when it asked.</param>
/// <param name="Length">How long to wait.</param>
internal readonly record struct Delay(DateTimeOffset Since, TimeSpan Length)
{
    /// <summary>What is left after a restart, as far as the clock can tell: from nothing to the whole length.</summary>
    public TimeSpan LeftAt(DateTimeOffset now)
    {
        var passed = now > Since ? now - Since : TimeSpan.Zero;
        return passed < Length ? Length - passed : TimeSpan.Zero;
    }
}
