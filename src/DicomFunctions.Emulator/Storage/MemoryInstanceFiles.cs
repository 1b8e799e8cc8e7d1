namespace DicomFunctions.Emulator.Storage;

/// <summary>Keeps instances for the lifetime of the process: small ones in memory, large ones in a temporary directory.</summary>
internal sealed class MemoryInstanceFiles : IInstanceFiles, IDisposable
{
    public string SpoolDirectory { get; } =
        Path.Combine(Path.GetTempPath(), "dicom-emulator-" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal));

    public async ValueTask<InstanceContent> CommitAsync(
        StoreName store, InstanceKey key, SpooledBody body, CancellationToken cancellationToken)
    {
        await body.CompleteAsync(cancellationToken).ConfigureAwait(false);
        if (body.FilePath is not { } path)
            return new MemoryContent(body.TakeBytes());

        var content = new FileContent(path, body.Length);
        body.FileTaken();
        return content;
    }

    public void Delete(InstanceContent content)
    {
        if (content is FileContent file)
            File.Delete(file.Path);
    }

    public IEnumerable<(StoreName Store, InstanceContent Content)> Load() => [];

    public void Dispose()
    {
        if (Directory.Exists(SpoolDirectory))
            Directory.Delete(SpoolDirectory, recursive: true);
    }
}
