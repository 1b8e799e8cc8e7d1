namespace DicomFunctions.Emulator.Storage;

/// <summary>
/// Keeps each instance as an ordinary .dcm file: <c>ROOT/stores/P/L/D/S/STUDY/SERIES/SOP.dcm</c>.
/// A file appears there by a rename, once its bytes are on the disk, so there is never half of one. One process at a time uses a directory.
/// </summary>
internal sealed class DirectoryInstanceFiles : IInstanceFiles, IDisposable
{
    private readonly FileStream _lock;
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
            // Bodies that an earlier process had not finished.
            Directory.Delete(SpoolDirectory, recursive: true);
        }

        Directory.CreateDirectory(SpoolDirectory);
        Directory.CreateDirectory(_root);
    }

    public string SpoolDirectory { get; }

    public async ValueTask<InstanceContent> CommitAsync(StoreName store, InstanceKey key, SpooledBody body, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(_root, Escape(store.Project), store.Location, store.Dataset, store.Store, key.StudyUid, key.SeriesUid);
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
        {
            DurableDirectory.Flush(directory);
        }

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
            if (parts.Length == 7
                && StoreName.TryParse($"projects/{Unescape(parts[0])}/locations/{parts[1]}/datasets/{parts[2]}/dicomStores/{parts[3]}", out var name))
            {
                yield return (name, new FileContent(file.FullName, file.Length));
            }
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new IOException("The emulator's directory is in use by another process, or cannot be written to.", error);
        }
    }

    private static string Escape(string project) => project.Replace(":", "%3A", StringComparison.Ordinal);

    private static string Unescape(string project) => project.Replace("%3A", ":", StringComparison.Ordinal);

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
        for (var attempt = 1; ; attempt++)
        {
            CreateDurably(directory);
            try
            {
                File.Move(source, target, overwrite: true);
                return;
            }
            catch (DirectoryNotFoundException) when (attempt < 5)
            {
                // A deletion tidied the directory away between the two calls.
            }
        }
    }

    private async Task<string> WriteAsync(SpooledBody body, CancellationToken cancellationToken)
    {
        var path = Path.Combine(SpoolDirectory, Path.GetRandomFileName());
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.None);
            await file.WriteAsync(body.Memory, cancellationToken).ConfigureAwait(false);
            return path;
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Makes the directory and, so that a power cut does not lose the way to it, flushes each parent that got a new entry.</summary>
    private void CreateDurably(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        var parent = Path.GetDirectoryName(directory)!;
        CreateDurably(parent);
        Directory.CreateDirectory(directory);
        if (_flushToDisk)
        {
            DurableDirectory.Flush(parent);
        }
    }

    /// <summary>Tidies up; a directory that is in use, or got a file meanwhile, simply stays.</summary>
    private void RemoveIfEmpty(string directory)
    {
        try
        {
            for (var depth = 0; depth < 2 && directory.Length > _root.Length && !Directory.EnumerateFileSystemEntries(directory).Any(); depth++)
            {
                Directory.Delete(directory);
                directory = Path.GetDirectoryName(directory)!;
            }
        }
        catch (IOException)
        {
            // A store at the same moment put something there.
        }
    }
}
