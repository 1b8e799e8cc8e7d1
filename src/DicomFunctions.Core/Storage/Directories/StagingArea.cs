using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>The staged blocks of all objects. Limits the number of open files.</summary>
internal sealed class StagingArea : IDisposable
{
    /// <summary>The most files kept open: more than the objects usually written at once.</summary>
    private const int MaxOpenFiles = 64;

    private readonly StorePaths _paths;
    private readonly GroupSync _sync;
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Entry, bool> _unsynced = new();
    private readonly Lock _openLock = new();
    private readonly LinkedList<Entry> _open = new();

    public StagingArea(StorePaths paths)
    {
        _paths = paths;
        _sync = new GroupSync(SyncRound);
    }

    /// <summary>A file name for an object whose own name may be too long for one. Always the same for the same object.</summary>
    public static string KeyOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    /// <summary>Appends a block. It becomes durable with the next <see cref="SyncAsync"/>.</summary>
    public void Append(string name, BlockId block, ReadOnlySpan<byte> content)
    {
        using var lease = Take(name);
        lease.Blocks.Append(block, content, out var isNewFile);
        lease.MarkUnsynced(isNewFile);
    }

    /// <summary>Makes all appended blocks durable, in a sync shared with concurrent callers.</summary>
    public Task SyncAsync() => _sync.JoinAsync();

    /// <summary>
    /// Gives the calling thread exclusive use of an object's staged blocks, and must be disposed on the same thread. Others wait, which is
    /// rare and short: only a straggler stages blocks for an object that is being committed or deleted.
    /// </summary>
    public Lease Take(string name)
    {
        while (true)
        {
            var entry = _entries.GetOrAdd(name, static (name, paths) => new Entry(name, Path.Combine(paths.Staged, KeyOf(name))), _paths);
            entry.Gate.Enter();
            if (!entry.IsRetired)
                return new Lease(this, entry);
            entry.Gate.Exit();
        }
    }

    public void Dispose()
    {
        foreach (var entry in _entries.Values)
            entry.Blocks.Dispose();
    }

    private void Exit(Entry entry)
    {
        Entry? idle = null;
        lock (_openLock)
        {
            if (entry.Place is { } place)
                _open.Remove(place);
            entry.Place = entry.Blocks.IsOpen ? _open.AddLast(entry) : null;
            if (_open.Count > MaxOpenFiles)
            {
                idle = _open.First!.Value;
                _open.RemoveFirst();
                idle.Place = null;
            }
        }

        entry.Gate.Exit();
        if (idle is not null && idle.Gate.TryEnter())
        {
            try
            {
                idle.Blocks.Sync();
            }
            catch (ObjectStoreException)
            {
                // The blocks are now marked as broken, which their next user will find.
            }

            idle.Blocks.Close();
            idle.Gate.Exit();
        }
    }

    private void Retire(Entry entry)
    {
        entry.Blocks.Drop();
        entry.IsRetired = true;
        _unsynced.TryRemove(entry, out _);
        _entries.TryRemove(entry.Name, out _);
    }

    private void SyncRound()
    {
        var isFolderUnsynced = false;
        ObjectStoreException? failure = null;
        foreach (var entry in _unsynced.Keys)
        {
            // Appending continues during the sync, without the gate, and belongs to the next round.
            _unsynced.TryRemove(entry, out _);
            isFolderUnsynced |= entry.IsFolderUnsynced;
            entry.IsFolderUnsynced = false;
            try
            {
                entry.Blocks.Sync();
            }
            catch (ObjectStoreException exception)
            {
                failure = exception;
            }
        }

        if (isFolderUnsynced)
            FileCalls.SyncDirectory(_paths.Staged);
        if (failure is not null)
            throw failure;
    }

    /// <summary>Exclusive use of an object's staged blocks.</summary>
    public readonly struct Lease(StagingArea area, Entry entry) : IDisposable
    {
        public StagedBlocks Blocks => entry.Blocks;

        /// <summary>Includes the appended blocks in the next sync.</summary>
        public void MarkUnsynced(bool isNewFile)
        {
            if (isNewFile)
                entry.IsFolderUnsynced = true;
            area._unsynced[entry] = true;
        }

        /// <summary>Deletes the blocks and their file.</summary>
        public void Drop() => area.Retire(entry);

        public void Dispose() => area.Exit(entry);
    }

    /// <summary>The staged blocks of one object, with their lock.</summary>
    internal sealed class Entry(string name, string path)
    {
        public string Name { get; } = name;

        public StagedBlocks Blocks { get; } = new(path);

        public Lock Gate { get; } = new();

        public LinkedListNode<Entry>? Place { get; set; }

        public bool IsRetired { get; set; }

        public volatile bool IsFolderUnsynced;
    }
}
