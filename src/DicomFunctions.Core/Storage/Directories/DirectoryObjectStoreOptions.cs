namespace DicomFunctions.Core.Storage.Directories;

/// <summary>How a <see cref="DirectoryObjectStore"/> keeps its promises.</summary>
public sealed record DirectoryObjectStoreOptions
{
    /// <summary>
    /// When true, a staged block outlives the process once its task completes, but the machine's failure only after the next
    /// <see cref="DirectoryObjectStore.SyncStagedAsync"/> or commit. For a host whose engine syncs before it records that the
    /// work which staged a block is done. Default: false, every block is durable by itself, at the price of a share in a sync.
    /// </summary>
    public bool DeferStagingSync { get; init; }

    /// <summary>Staged blocks nobody committed are dropped when the store is opened after this long. Default: 7 days, as on Azure.</summary>
    public TimeSpan StagedLifetime { get; init; } = TimeSpan.FromDays(7);
}
