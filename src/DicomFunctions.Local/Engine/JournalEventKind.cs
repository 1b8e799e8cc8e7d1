namespace DicomFunctions.Local.Engine;

/// <summary>The kinds of events.</summary>
internal enum JournalEventKind
{
    /// <summary>An activity completed with an output.</summary>
    Completed,

    /// <summary>An activity failed for good.</summary>
    Failed,

    /// <summary>A delay is over.</summary>
    Elapsed,
}
