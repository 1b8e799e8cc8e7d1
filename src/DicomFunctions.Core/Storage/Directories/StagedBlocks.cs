using System.Buffers.Binary;
using DicomFunctions.Core.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>
/// The staged blocks of one object, in one append-only file with a record (header, content) for each block. So a block costs one write,
/// and reading the file restores the index. Not thread-safe.
/// </summary>
/// <remarks>
/// The header is little-endian: magic, batch, execution, sequence, length of the content, <see cref="BlockChecksum"/> of the content, and
/// of the header so far; 4 bytes each. An incomplete record ends the file: neither it nor anything after it was acknowledged.
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

    /// <summary>Whether the file is open.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>Whether any block is staged.</summary>
    public bool Any => Index().Count > 0;

    /// <summary>Appends a block. It becomes durable with the next <see cref="Sync"/>.</summary>
    /// <param name="block">The block's id. An earlier block with the same id is replaced.</param>
    /// <param name="content">The block's content.</param>
    /// <param name="isNewFile">Whether this created the file, so that its folder must be synced too.</param>
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
                // One system call for header and content costs less than copying them together.
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

    /// <summary>Makes all appended blocks durable. The only member that may run concurrently with the others.</summary>
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
                // Closed meanwhile, by a caller that syncs first or drops the blocks.
            }
            catch (ObjectStoreException)
            {
                // It is unknown which unsynced bytes are on the disk, and another sync would not report it.
                _isBroken = true;
                throw;
            }
        }
    }

    /// <summary>Closes the file. It is opened again when needed.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>Whether all of <paramref name="blocks"/> are staged. Otherwise returns the first missing one.</summary>
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

    /// <summary>Copies blocks in the given order. All must be staged.</summary>
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
                    throw new ObjectStoreException("The object store could not commit: a staged block was truncated by another process.");
                offset += wanted;
                remaining -= wanted;
                filled += wanted;
            }
        }

        target.Write(buffer.Span[..filled]);
    }

    /// <summary>Deletes the blocks and their file.</summary>
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
