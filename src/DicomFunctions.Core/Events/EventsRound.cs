namespace DicomFunctions.Core.Events;

/// <summary>The outcome of a round of sending.</summary>
internal sealed record EventsRound
{
    /// <summary>The number of events that the endpoint has accepted.</summary>
    public required int Sent { get; init; }

    /// <summary>The number of events left in the outbox.</summary>
    public required int Left { get; init; }

    /// <summary>Whether events are left only because the round has taken its time.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>How long the endpoint asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A hash of the events left.</summary>
    public required string Seen { get; init; }
}
