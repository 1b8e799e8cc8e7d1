using System.Buffers.Binary;
using DicomFunctions.Core.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>
/// The staged blocks of one object: one file that only grows, a record per block (header, content), so that a block costs one
/// write, and the index is found again by reading the file. Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// Header, little-endian: magic, batch, execution, sequence, length of the content, <see cref="BlockChecksum"/> of the content, and of
/// the header so far; 4 bytes each. A record that is torn ends the file: it and what follows was never acknowledged.
/// </remarks>
internal sealed class StagedBlocks(string path) : IDisposable
{
    private const uint Magic = 0x32_42_46_44; // "DFB2"
    private const int HeaderLength = 28;
    private const int CopyBuffer = 256 * 1024;
    private const int CombineLimit = 32 * 1024;

    private Dictionary<BlockId, (long Offset, int Length)>? _index;
    private readonly Lock _syncLock = new();
    private volatile SafeFileHandle? _file;
    private volatile bool _isBroken;
    private long _length;
    private long _syncedLength;

    /// <summary>Whether the file is held open.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>Whether there is anything staged.</summary>
    public bool Any => Index().Count > 0;

    /// <summary>Appends a block. It is durable after the next <see cref="Sync"/>.</summary>
    /// <param name="block">A block of this id from before is forgotten.</param>
    /// <param name="content">The whole of it.</param>
    /// <param name="isNewFile">Whether this made the file, whose folder is then to be synced too.</param>
    public void Append(BlockId block, ReadOnlySpan<byte> content, out bool isNewFile)
    {
        var index = Index();
        isNewFile = _length == 0;
        var file = Open();
        Span<byte> header = stackalloc byte[HeaderLength];
        WriteHeader(header, block, content);
        try
        {
            if (content.Length <= CombineLimit)
            {
                // One call into the kernel for both costs less than the copy.
                using var record = new PooledBytes(HeaderLength + content.Length);
                header.CopyTo(record.Span);
                content.CopyTo(record.Span[HeaderLength..]);
                FileCalls.Write(file, record.Span, _length);
            }
            else
            {
                FileCalls.Write(file, content, _length + HeaderLength);
                FileCalls.Write(file, header, _length);
            }
        }
        catch (ObjectStoreException)
        {
            Truncate(file);
            throw;
        }

        index[block] = (_length + HeaderLength, content.Length);
        _length += HeaderLength + content.Length;
    }

    /// <summary>Makes what was appended durable. The one member that may run beside the others.</summary>
    public void Sync()
    {
        lock (_syncLock)
        {
            var length = Volatile.Read(ref _length);
            if (_file is not { } file || _isBroken || length == _syncedLength)
                return;
            try
            {
                FileCalls.SyncData(file);
                _syncedLength = length;
            }
            catch (ObjectDisposedException)
            {
                // Dropped meanwhile; whoever closes the file to open it again syncs it first.
            }
            catch (ObjectStoreException)
            {
                // What the disk now holds of the unsynced is unknown, and a second sync would not tell.
                _isBroken = true;
                throw;
            }
        }
    }

    /// <summary>Closes the file; it opens again when needed.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Whether every one of <paramref name="blocks"/> is here; the first missing one otherwise.</summary>
    public bool HasAll(IReadOnlyList<BlockId> blocks, out BlockId missing)
    {
        var index = Index();
        foreach (var block in blocks)
        {
            missing = block;
            if (!index.ContainsKey(block))
                return false;
        }

        missing = default;
        return true;
    }

    /// <summary>Copies blocks, which are all here, one after the other.</summary>
    public void CopyTo(TempFile target, IReadOnlyList<BlockId> blocks, CancellationToken cancellationToken)
    {
        using var buffer = new PooledBytes(CopyBuffer);
        var filled = 0;
        foreach (var block in blocks)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (offset, remaining) = Index()[block];
            while (remaining > 0)
            {
                if (filled == CopyBuffer)
                {
                    target.Write(buffer.Span);
                    filled = 0;
                }

                var wanted = Math.Min(remaining, CopyBuffer - filled);
                if (FileCalls.Read(Open(), buffer.Span.Slice(filled, wanted), offset) < wanted)
                    throw new ObjectStoreException("The object store could not commit: a staged block was cut short from outside.");
                offset += wanted;
                remaining -= wanted;
                filled += wanted;
            }
        }

        target.Write(buffer.Span[..filled]);
    }

    /// <summary>Forgets everything and deletes the file.</summary>
    public void Drop()
    {
        Close();
        FileCalls.TryDelete(path);
        _index = [];
        (_length, _syncedLength, _isBroken) = (0, 0, false);
    }

    public void Dispose() => Close();

    private SafeFileHandle Open() => _file ??= FileCalls.Run("open staged blocks", () =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    private Dictionary<BlockId, (long Offset, int Length)> Index()
    {
        if (_isBroken)
        {
            Close();
            _index = null;
            _length = _syncedLength;
            Truncate(Open());
            _isBroken = false;
        }

        if (_index is not null)
            return _index;
        var index = new Dictionary<BlockId, (long, int)>();
        _length = 0;
        if (FileCalls.Stat(path) is { Length: var length })
        {
            while (ReadRecord(length, out var block, out var contentLength))
            {
                index[block] = (_length + HeaderLength, contentLength);
                _length += HeaderLength + contentLength;
            }

            if (_length < length)
                Truncate(Open());
        }

        return _index = index;
    }

    private bool ReadRecord(long fileLength, out BlockId block, out int contentLength)
    {
        (block, contentLength) = (default, 0);
        Span<byte> header = stackalloc byte[HeaderLength];
        if (FileCalls.Read(Open(), header, _length) < HeaderLength
            || BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(header[24..]) != BlockChecksum.Of(header[..24]))
        {
            return false;
        }

        block = new BlockId(
            BinaryPrimitives.ReadInt32LittleEndian(header[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[12..]));
        contentLength = BinaryPrimitives.ReadInt32LittleEndian(header[16..]);
        if (contentLength < 0 || contentLength > fileLength - _length - HeaderLength)
            return false;

        using var buffer = new PooledBytes(CopyBuffer);
        var checksum = new BlockChecksum();
        for (var done = 0; done < contentLength;)
        {
            var piece = buffer.Span[..Math.Min(CopyBuffer, contentLength - done)];
            if (FileCalls.Read(Open(), piece, _length + HeaderLength + done) < piece.Length)
                return false;
            checksum.Append(piece);
            done += piece.Length;
        }

        return checksum.Value == BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
    }

    private void Truncate(SafeFileHandle file) => FileCalls.Run("write", () =>
    {
        RandomAccess.SetLength(file, _length);
        return true;
    });

    private static void WriteHeader(Span<byte> header, BlockId block, ReadOnlySpan<byte> content)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], block.Batch);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], block.Execution);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], block.Sequence);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], BlockChecksum.Of(content));
        BinaryPrimitives.WriteUInt32LittleEndian(header[24..], BlockChecksum.Of(header[..24]));
    }
}
