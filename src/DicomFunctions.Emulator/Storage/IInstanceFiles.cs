namespace DicomFunctions.Emulator.Storage;

/// <summary>Where the bytes of instances are kept.</summary>
internal interface IInstanceFiles
{
    /// <summary>Where large bodies wait while they are received.</summary>
    string SpoolDirectory { get; }

    /// <summary>Keeps a completed body under the instance's name. When this returns, a crash does not lose it.</summary>
    /// <exception cref="IOException">It cannot be kept, for example because the disk is full. Nothing is left behind.</exception>
    ValueTask<InstanceContent> CommitAsync(StoreName store, InstanceKey key, SpooledBody body, CancellationToken cancellationToken);

    /// <summary>Forgets an instance's bytes. Streams that are open may still be read to their end.</summary>
    void Delete(InstanceContent content);

    /// <summary>Everything that was kept by an earlier process.</summary>
    IEnumerable<(StoreName Store, InstanceContent Content)> Load();
}
