namespace DicomFunctions.Core.Drop;

/// <summary>What one look at the folder found.</summary>
public sealed record DropRound
{
    /// <summary>Files that were made a job of.</summary>
    public required long Files { get; init; }

    /// <summary>When others will have settled; null: there are none.</summary>
    public TimeSpan? SettlesIn { get; init; }
}
