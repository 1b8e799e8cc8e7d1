namespace DicomFunctions.Local.Engine;

/// <summary>What became of one call of a turn.</summary>
internal sealed record JournalEvent
{
    public required JournalEventKind Kind { get; init; }

    /// <summary>Which call of its turn, from 1.</summary>
    public required int Call { get; init; }

    /// <summary>The activity's name; null for a delay.</summary>
    public string? Activity { get; init; }

    /// <summary>When it was so, as far as the workflow is concerned. Never before the event before it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The output's JSON, or the reason of a failure.</summary>
    public string? Content { get; init; }
}
