namespace DicomFunctions.Core.Storage.Directories;

/// <summary>Options of a <see cref="DirectoryObjectStore"/>.</summary>
internal sealed record DirectoryObjectStoreOptions
{
    /// <summary>
    /// Whether a staged block survives a failure of the machine only after the next <see cref="DirectoryObjectStore.SyncStagedAsync"/> or
    /// commit. It survives the process in any case. For a host whose engine syncs before it records that the work is done. Default false:
    /// every block is durable once staged, at the cost of its share in a sync.
    /// </summary>
    public bool DeferStagingSync { get; init; }

    /// <summary>The age at which uncommitted blocks are deleted when the store is opened. Default: 7 days, as on Azure.</summary>
    public TimeSpan StagedLifetime { get; init; } = TimeSpan.FromDays(7);
}
