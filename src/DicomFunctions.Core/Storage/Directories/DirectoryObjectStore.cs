using System.Buffers;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>
/// An object store in a directory. Objects are plain files of the same name, so that people can look at them and drop files by hand.
/// </summary>
/// <remarks>
/// One process at a time may write through it, but others may add, change and delete files. Its own files are in the folder
/// <c>.store</c>, which no object's name reaches, like any other folder directly below the root that starts with a dot. It never follows
/// links: they are not objects, and writing past one is refused. A write interrupted by a crash leaves nothing visible. All folders must
/// be on one file system, except that objects may be moved here from another.
/// </remarks>
internal sealed class DirectoryObjectStore : IObjectStore, IDisposable
{
    private const int CopyBuffer = 128 * 1024;
    private const int PlaceAttempts = 20;

    private readonly StorePaths _paths;
    private readonly StagingArea _staging;
    private readonly ObjectOpener _opener;
    private readonly DirectoryObjectStoreOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Opens the store in <paramref name="root"/>, creates it if missing, and removes what a crash left behind.</summary>
    /// <exception cref="ObjectStoreException">The directory cannot be created or written to.</exception>
    public DirectoryObjectStore(string root, DirectoryObjectStoreOptions? options = null, TimeProvider? time = null)
    {
        _paths = new StorePaths(root);
        _options = options ?? new DirectoryObjectStoreOptions();
        _time = time ?? TimeProvider.System;
        _staging = new StagingArea(_paths);
        _opener = new ObjectOpener(_paths);
        foreach (var folder in (ReadOnlySpan<string>)[_paths.Temp, _paths.Staged, _paths.Commits])
            FileCalls.Run("make its folders", () => Directory.CreateDirectory(folder));
        FileCalls.SyncDirectory(Path.Combine(_paths.Root, StorePaths.OwnFolder));
        FileCalls.SyncDirectory(_paths.Root);
        RemoveOlder(_paths.Temp, TimeSpan.FromDays(1));
        RemoveOlder(_paths.Staged, _options.StagedLifetime);
    }

    /// <inheritdoc/>
    public Task<ObjectProperties?> GetPropertiesAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = _paths.Of(name);
        return Task.FromResult(_paths.IsBehindLink(name) ? null : Properties(name, path));
    }

    /// <inheritdoc/>
    public Task<Stream?> OpenReadAsync(string name, ObjectRange range, string? ifMatch, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(range.Offset);
        ArgumentOutOfRangeException.ThrowIfNegative(range.Length ?? 0);
        cancellationToken.ThrowIfCancellationRequested();
        if (_opener.Open(name, out var stat) is not { } file)
            return Task.FromResult<Stream?>(null);
        if (ifMatch is not null && ifMatch != stat.ETag)
        {
            file.Dispose();
            throw new ObjectChangedException("The object has changed since its ETag was read.");
        }

        var available = Math.Max(0, stat.Length - range.Offset);
        var path = _paths.Of(name);
        return Task.FromResult<Stream?>(new ObjectReadStream(
            file,
            range.Offset,
            Math.Min(range.Length ?? long.MaxValue, available),
            ifMatch is null ? null : open => FileCalls.Stat(open, path).ETag == ifMatch));
    }

    /// <inheritdoc/>
    public async Task<ObjectProperties?> PutAsync(string name, Stream content, PutCondition condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var path = _paths.Of(name);
        if (!IsMet(condition, path))
            return null;
        using var file = new TempFile(_paths);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var read and > 0)
                file.Write(buffer.AsSpan(0, read));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Place(file, name, condition);
    }

    /// <inheritdoc/>
    public Task StageBlockAsync(string name, BlockId block, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        StorePaths.Check(name);
        cancellationToken.ThrowIfCancellationRequested();
        _staging.Append(name, block, content.Span);
        return _options.DeferStagingSync ? Task.CompletedTask : _staging.SyncAsync();
    }

    /// <summary>
    /// Completes when all blocks staged so far are durable. Without <see cref="DirectoryObjectStoreOptions.DeferStagingSync"/> they already
    /// are.
    /// </summary>
    /// <exception cref="ObjectStoreException">Blocks staged since the last call may be lost.</exception>
    public Task SyncStagedAsync() => _options.DeferStagingSync ? _staging.SyncAsync() : Task.CompletedTask;

    /// <inheritdoc/>
    public Task CommitBlocksAsync(string name, IReadOnlyList<BlockId> blocks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var path = _paths.Of(name);
        var record = Path.Combine(_paths.Commits, StagingArea.KeyOf(name));
        cancellationToken.ThrowIfCancellationRequested();
        using var lease = _staging.Take(name);
        if (Properties(name, path) is { } committed && CommitRecord.Matches(record, blocks, committed.ETag))
        {
            lease.Drop();
            return Task.CompletedTask;
        }

        if (!lease.Blocks.HasAll(blocks, out var missing))
            throw new ObjectStoreException($"The object store could not commit: block {missing} of {blocks.Count} was never staged.");
        using var file = new TempFile(_paths);
        lease.Blocks.CopyTo(file, blocks, cancellationToken);
        // Written before the object, without which it has no effect. The blocks stay until both are written.
        Place(file, name, PutCondition.Always, etag => CommitRecord.Write(_paths, record, blocks, etag, _time));
        lease.Drop();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectProperties> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var properties in DirectoryListing.Objects(_paths, prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return properties;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListFoldersAsync(
        string prefix, int? enough, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var name in DirectoryListing.Folders(_paths, prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return name;
        }
    }

    /// <inheritdoc/>
    public async Task<bool> MoveAsync(string source, string target, string? ifMatch, CancellationToken cancellationToken)
    {
        var (from, to) = (_paths.Of(source), _paths.Of(target));
        cancellationToken.ThrowIfCancellationRequested();
        if (_paths.IsBehindLink(source) || Properties(source, from) is not { } properties || !Matches(properties))
            return false;
        if (from == to)
            return true;
        for (var attempt = 1; ; attempt++)
        {
            var above = _paths.MakeFoldersOf(target);
            bool isMoved, isOtherFileSystem;
            lock (_paths.LockOf(source))
            {
                if (!Matches(Properties(source, from)))
                    return false;
                isMoved = FileCalls.TryRename(from, to, out isOtherFileSystem);
            }

            if (isMoved)
            {
                // The file may belong to another user, and be readable by everyone.
                FileCalls.TryCloseToOthers(to);
                StorePaths.SyncFoldersOf(to, above);
                FileCalls.SyncDirectory(Path.GetDirectoryName(from)!);
                _paths.RemoveEmptyFoldersOf(source);
                return true;
            }

            if (isOtherFileSystem)
                return await CopyOverAsync(properties, target, cancellationToken).ConfigureAwait(false);
            if (Properties(source, from) is null)
                return false;
            if (attempt == PlaceAttempts)
                throw new ObjectStoreException("The object store could not move an object: its new folder was deleted repeatedly.");
        }

        bool Matches(ObjectProperties? properties) => ifMatch is null || properties?.ETag == ifMatch;
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string name, string? ifMatch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Delete(name, ifMatch));
    }

    /// <summary>Closes the open files. Staged blocks stay.</summary>
    public void Dispose()
    {
        _staging.Dispose();
        _opener.Dispose();
    }

    /// <summary>Removes the store's own folder unless something is left in it, once the store is disposed.</summary>
    public void RemoveOwnFolder()
    {
        try
        {
            foreach (var folder in (ReadOnlySpan<string>)[_paths.Temp, _paths.Staged, _paths.Commits])
                Directory.Delete(folder);
            Directory.Delete(Path.Combine(_paths.Root, StorePaths.OwnFolder));
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            // Another process uses it, or its files are needed.
        }
    }

    /// <summary>Moves an object from another file system, where a drop folder may be.</summary>
    private async Task<bool> CopyOverAsync(ObjectProperties source, string target, CancellationToken cancellationToken)
    {
        await using (var content = await OpenReadAsync(source.Name, ObjectRange.All, source.ETag, cancellationToken).ConfigureAwait(false))
        {
            if (content is null)
                return false;
            await PutAsync(target, content, PutCondition.Always, cancellationToken).ConfigureAwait(false);
        }

        // Keep the time, like a rename: it shows later whether the object was changed.
        FileCalls.Run("move an object", () =>
        {
            File.SetLastWriteTimeUtc(_paths.Of(target), source.LastModified.UtcDateTime);
            return true;
        });
        return await DeleteAsync(source.Name, source.ETag, cancellationToken).ConfigureAwait(false);
    }

    private bool Delete(string name, string? ifMatch)
    {
        var path = _paths.Of(name);
        using var lease = _staging.Take(name);
        if (_paths.IsBehindLink(name))
            return false;
        lock (_paths.LockOf(name))
        {
            if (Properties(name, path) is not { } properties)
            {
                if (ifMatch is null)
                    lease.Drop();
                return false;
            }

            if (ifMatch is not null && ifMatch != properties.ETag || !FileCalls.TryDelete(path))
                return false;
        }

        lease.Drop();
        FileCalls.TryDelete(Path.Combine(_paths.Commits, StagingArea.KeyOf(name)));
        FileCalls.SyncDirectory(Path.GetDirectoryName(path)!);
        _paths.RemoveEmptyFoldersOf(name);
        return true;
    }

    private static ObjectProperties? Properties(string name, string path) =>
        FileCalls.Stat(path) is { Kind: FileKind.Regular } stat
            ? new ObjectProperties { Name = name, Length = stat.Length, ETag = stat.ETag, LastModified = stat.Modified }
            : null;

    private static bool IsMet(PutCondition condition, string path) => condition switch
    {
        { IfAbsent: true } => FileCalls.Stat(path) is null,
        { IfMatch: { } etag } => FileCalls.Stat(path) is { Kind: FileKind.Regular } stat && stat.ETag == etag,
        _ => true,
    };

    private ObjectProperties? Place(TempFile file, string name, PutCondition condition, Action<string>? beforePlacing = null)
    {
        var path = _paths.Of(name);
        var stat = file.Finish(_time);
        beforePlacing?.Invoke(stat.ETag);
        for (var attempt = 1; attempt <= PlaceAttempts; attempt++)
        {
            // Whoever deletes a folder's last object may delete the folder between its creation and its use.
            var above = _paths.MakeFoldersOf(name);
            lock (_paths.LockOf(name))
            {
                if (!IsMet(condition, path))
                    return null;
                if (!file.TryPlace(path))
                    continue;
            }

            StorePaths.SyncFoldersOf(path, above);
            return new ObjectProperties { Name = name, Length = stat.Length, ETag = stat.ETag, LastModified = stat.Modified };
        }

        throw new ObjectStoreException("The object store could not write: the object's folder was deleted repeatedly.");
    }

    private void RemoveOlder(string folder, TimeSpan age)
    {
        var oldest = _time.GetUtcNow() - age;
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            if (FileCalls.Stat(path) is { Kind: FileKind.Regular } stat && stat.Modified < oldest)
                FileCalls.TryDelete(path);
        }
    }
}
