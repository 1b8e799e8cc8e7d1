using System.Buffers;

namespace DicomFunctions.Core.Storage;

/// <summary>
/// Writes one execution's part of an uncommitted object: collects bytes in a pooled buffer and stages them as blocks.
/// Not thread-safe.
/// </summary>
/// <param name="store">The store that the blocks are staged in.</param>
/// <param name="name">The object.</param>
/// <param name="batch">The position of these blocks in the object: see <see cref="BlockId"/>.</param>
/// <param name="execution">A random number of this execution.</param>
/// <param name="blockSize">The size in bytes from which a block is staged. A block may exceed it by the last write.</param>
internal sealed class BlockWriter(IObjectStore store, string name, int batch, uint execution, int blockSize = BlockWriter.DefaultBlockSize)
    : IBufferWriter<byte>, IDisposable
{
    /// <summary>4 MiB.</summary>
    public const int DefaultBlockSize = 4 * 1024 * 1024;

    private const int FirstBuffer = 64 * 1024;

    private readonly List<BlockId> _blocks = [];
    private byte[] _buffer = [];
    private int _filled;

    private Position _mark;

    /// <summary>The number of bytes written, whether staged or not.</summary>
    public long BytesWritten { get; private set; }

    /// <summary>The blocks staged so far, in order.</summary>
    public IReadOnlyList<BlockId> Blocks => _blocks;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _filled);
        _filled += count;
        BytesWritten += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_filled);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsSpan(_filled);
    }

    /// <summary>Keeps what was written so far: <see cref="Rewind"/> returns to this point.</summary>
    public void Mark() => _mark = new Position(_blocks.Count, _filled, BytesWritten);

    /// <summary>Discards what was written since <see cref="Mark"/>. A block of it that is already staged is never committed.</summary>
    public void Rewind()
    {
        _blocks.RemoveRange(_mark.Blocks, _blocks.Count - _mark.Blocks);
        (_filled, BytesWritten) = (_mark.Filled, _mark.BytesWritten);
    }

    /// <summary>Stages a block if it is full. Call this between writes; until then, bytes stay in memory.</summary>
    public ValueTask FlushIfFullAsync(CancellationToken cancellationToken) =>
        _filled < blockSize ? ValueTask.CompletedTask : new ValueTask(StageAsync(cancellationToken));

    /// <summary>Stages the remaining bytes and returns the blocks to commit, in order. Empty if nothing was written.</summary>
    public async ValueTask<IReadOnlyList<BlockId>> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
            await StageAsync(cancellationToken).ConfigureAwait(false);
        return _blocks;
    }

    /// <summary>Writes the object: directly if no block is staged, otherwise by committing the blocks. May be empty.</summary>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_blocks.Count > 0)
        {
            var blocks = await CompleteAsync(cancellationToken).ConfigureAwait(false);
            await store.CommitBlocksAsync(name, blocks, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var content = new MemoryStream(_buffer, 0, _filled, writable: false);
        await store.PutAsync(name, content, PutCondition.Always, cancellationToken).ConfigureAwait(false);
        _filled = 0;
    }

    /// <summary>Returns the buffer to the pool. Staged blocks stay.</summary>
    public void Dispose()
    {
        var buffer = _buffer;
        (_buffer, _filled) = ([], 0);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        var sealedBytes = _mark.Blocks == _blocks.Count ? _mark.Filled : 0;
        if (sealedBytes > 0)
        {
            // No block may hold both bytes to keep and bytes that may be discarded.
            await StageAsync(_buffer.AsMemory(0, sealedBytes), cancellationToken).ConfigureAwait(false);
            _mark = _mark with { Blocks = _blocks.Count, Filled = 0 };
        }

        if (_filled > sealedBytes)
            await StageAsync(_buffer.AsMemory(sealedBytes, _filled - sealedBytes), cancellationToken).ConfigureAwait(false);
        _filled = 0;
    }

    private async Task StageAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var block = new BlockId(batch, execution, _blocks.Count);
        await store.StageBlockAsync(name, block, bytes, cancellationToken).ConfigureAwait(false);
        _blocks.Add(block);
    }

    private void MakeRoom(int sizeHint)
    {
        var needed = _filled + Math.Max(sizeHint, 1);
        if (needed <= _buffer.Length)
            return;
        var size = Math.Max(needed, Math.Min(Math.Max(FirstBuffer, _buffer.Length * 4), blockSize));
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _filled).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private readonly record struct Position(int Blocks, int Filled, long BytesWritten);
}
