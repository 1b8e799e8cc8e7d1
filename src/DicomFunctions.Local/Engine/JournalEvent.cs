namespace DicomFunctions.Local.Engine;

/// <summary>The outcome of one call of a turn.</summary>
internal sealed record JournalEvent
{
    public required JournalEventKind Kind { get; init; }

    /// <summary>The number of the call in its turn, from 1.</summary>
    public required int Call { get; init; }

    /// <summary>The activity's name; null for a delay.</summary>
    public string? Activity { get; init; }

    /// <summary>The time of the event as the workflow sees it; never earlier than the previous event.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The output's JSON, or the reason for the failure.</summary>
    public string? Content { get; init; }
}
