namespace DicomFunctions.Emulator.Storage;

/// <summary>
/// Keeps each instance as an ordinary .dcm file: <c>ROOT/stores/P/L/D/S/STUDY/SERIES/SOP.dcm</c> (<see cref="StoreFolder"/>).
/// A file is renamed into place once its bytes are on the disk, so there is never a partial one. Only one process can use a directory at a
/// time.
/// </summary>
internal sealed class DirectoryInstanceFiles : IInstanceFiles, IDisposable
{
    private readonly FileStream _lock;

    // Adding a file to a folder takes the read lock, removing an empty folder the write lock.
    private readonly ReaderWriterLockSlim _folders = new();
    private readonly string _root;
    private readonly bool _flushToDisk;

    public DirectoryInstanceFiles(string directory, bool flushToDisk)
    {
        _root = Path.Combine(Path.GetFullPath(directory), "stores");
        _flushToDisk = flushToDisk;
        Directory.CreateDirectory(directory);
        _lock = Lock(Path.Combine(directory, "lock"));
        SpoolDirectory = Path.Combine(Path.GetFullPath(directory), "spool");
        if (Directory.Exists(SpoolDirectory))
        {
            // Left by an earlier process that died while receiving.
            Directory.Delete(SpoolDirectory, recursive: true);
        }

        Directory.CreateDirectory(SpoolDirectory);
        Directory.CreateDirectory(_root);
    }

    public string SpoolDirectory { get; }

    public async ValueTask<InstanceContent> CommitAsync(
        StoreName store, InstanceKey key, SpooledBody body, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(_root, StoreFolder.Of(store), key.StudyUid, key.SeriesUid);
        var target = Path.Combine(directory, key.SopUid + ".dcm");
        await body.CompleteAsync(cancellationToken).ConfigureAwait(false);
        var source = body.FilePath ?? await WriteAsync(body, cancellationToken).ConfigureAwait(false);
        try
        {
            Flush(source);
            Move(source, directory, target);
        }
        catch
        {
            File.Delete(source);
            throw;
        }

        body.FileTaken();
        if (_flushToDisk)
            DurableDirectory.Flush(directory);

        return new FileContent(target, body.Length);
    }

    public void Delete(InstanceContent content)
    {
        var path = ((FileContent)content).Path;
        File.Delete(path);
        RemoveIfEmpty(Path.GetDirectoryName(path)!);
    }

    public IEnumerable<(StoreName Store, InstanceContent Content)> Load()
    {
        foreach (var file in new DirectoryInfo(_root).EnumerateFiles("*.dcm", SearchOption.AllDirectories))
        {
            var parts = Path.GetRelativePath(_root, file.FullName).Split(Path.DirectorySeparatorChar);
            if (parts.Length >= 7 && StoreFolder.Parse(parts.AsSpan(..^3)) is { } name)
                yield return (name, new FileContent(file.FullName, file.Length));
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        _folders.Dispose();
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException("The emulator's directory is in use by another process, or is not writable.", exception);
        }
    }

    private void Flush(string path)
    {
        if (_flushToDisk)
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(file);
        }
    }

    private void Move(string source, string directory, string target)
    {
        _folders.EnterReadLock();
        try
        {
            CreateDurably(directory);
            File.Move(source, target, overwrite: true);
        }
        finally
        {
            _folders.ExitReadLock();
        }
    }

    private async Task<string> WriteAsync(SpooledBody body, CancellationToken cancellationToken)
    {
        var path = Path.Combine(SpoolDirectory, Path.GetRandomFileName());
        try
        {
            await using var file = new FileStream(
                path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.None);
            await file.WriteAsync(body.Memory, cancellationToken).ConfigureAwait(false);
            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Creates the directory and flushes each parent that gets a new entry, so that it survives a power cut.</summary>
    private void CreateDurably(string directory)
    {
        if (Directory.Exists(directory))
            return;

        var parent = Path.GetDirectoryName(directory)!;
        CreateDurably(parent);
        Directory.CreateDirectory(directory);
        if (_flushToDisk)
            DurableDirectory.Flush(parent);
    }

    /// <summary>Removes the folders of a series and a study that have no instances left.</summary>
    private void RemoveIfEmpty(string directory)
    {
        _folders.EnterWriteLock();
        try
        {
            for (var depth = 0; depth < 2 && Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any(); depth++)
            {
                Directory.Delete(directory);
                directory = Path.GetDirectoryName(directory)!;
            }
        }
        finally
        {
            _folders.ExitWriteLock();
        }
    }
}
