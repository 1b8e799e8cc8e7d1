namespace DicomFunctions.Local.Engine;

/// <summary>What an event tells.</summary>
internal enum JournalEventKind
{
    /// <summary>An activity gave its output.</summary>
    Completed,

    /// <summary>An activity failed for good.</summary>
    Failed,

    /// <summary>A delay is over.</summary>
    Elapsed,
}
