namespace DicomFunctions.Emulator.Stow;

/// <summary>The outcome of one instance of a STOW request. A UID that the file lacks is empty.</summary>
internal sealed record StowItem(string SopClassUid, string SopUid)
{
    /// <summary>The URL to retrieve it from, if it was stored.</summary>
    public string? RetrieveUrl { get; init; }

    /// <summary>The failure reason (see <see cref="FailureReasons"/>), or 0 if it was stored.</summary>
    public ushort Reason { get; init; }

    /// <summary>The failure reason in words, for the private attribute FailureDetail.</summary>
    public string Detail { get; init; } = "";
}
