namespace DicomFunctions.Core.PubSub;

/// <summary>Remembers when this process last pulled the subscription.</summary>
internal sealed class SubscriptionPulls(TimeProvider time)
{
    private long _lastTicks;

    /// <summary>When a pull last succeeded, with or without messages; null before the first.</summary>
    public DateTimeOffset? LastAt => Volatile.Read(ref _lastTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>A pull has succeeded.</summary>
    public void Tell() => Volatile.Write(ref _lastTicks, time.GetUtcNow().UtcTicks);
}
