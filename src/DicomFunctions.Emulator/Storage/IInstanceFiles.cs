namespace DicomFunctions.Emulator.Storage;

/// <summary>Where the bytes of instances are kept.</summary>
internal interface IInstanceFiles
{
    /// <summary>The directory for large bodies while they are being received.</summary>
    string SpoolDirectory { get; }

    /// <summary>Keeps a complete body as the instance. Once this returns, a crash does not lose it.</summary>
    /// <exception cref="IOException">The body cannot be kept, for example because the disk is full. Nothing is left behind.</exception>
    ValueTask<InstanceContent> CommitAsync(StoreName store, InstanceKey key, SpooledBody body, CancellationToken cancellationToken);

    /// <summary>Deletes an instance's bytes. Open streams can still be read to their end.</summary>
    void Delete(InstanceContent content);

    /// <summary>All instances kept by an earlier process.</summary>
    IEnumerable<(StoreName Store, InstanceContent Content)> Load();
}
