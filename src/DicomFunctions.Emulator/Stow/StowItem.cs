namespace DicomFunctions.Emulator.Stow;

/// <summary>What became of one instance of a STOW request. UIDs are empty where the file did not say them.</summary>
internal sealed record StowItem(string SopClassUid, string SopUid)
{
    /// <summary>Where it can be fetched, when it was stored.</summary>
    public string? RetrieveUrl { get; init; }

    /// <summary>Why it was not stored; 0 when it was.</summary>
    public ushort Reason { get; init; }

    /// <summary>The same in words, for the private FailureDetail.</summary>
    public string Detail { get; init; } = "";
}
