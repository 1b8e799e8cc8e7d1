namespace DicomFunctions.Core.Events;

/// <summary>The state of the events workflow.</summary>
internal sealed record EventsState
{
    /// <summary>How many rounds in a row have left events behind.</summary>
    public int Failures { get; init; }

    /// <summary>The outbox after the last of them: see <see cref="EventsRound.Seen"/>.</summary>
    public string? Seen { get; init; }

    /// <summary>How long the endpoint asks to wait for the next round.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How long it has waited for the next round.</summary>
    public TimeSpan Waited { get; init; }
}
