using System.Buffers;

namespace DicomFunctions.Core.Storage;

/// <summary>
/// Writes one execution's share of an object yet to be committed: bytes gather in a pooled buffer and are staged as blocks.
/// For one thread at a time.
/// </summary>
/// <param name="store">Where the blocks are staged.</param>
/// <param name="name">The object.</param>
/// <param name="batch">The batch's place in the object.</param>
/// <param name="execution">A random number drawn for this execution.</param>
/// <param name="blockSize">A block is staged when it has this many bytes; it may have more, by what is written at once.</param>
public sealed class BlockWriter(IObjectStore store, string name, int batch, uint execution, int blockSize = BlockWriter.DefaultBlockSize)
    : IBufferWriter<byte>, IDisposable
{
    /// <summary>4 MiB.</summary>
    public const int DefaultBlockSize = 4 * 1024 * 1024;

    private const int FirstBuffer = 64 * 1024;

    private readonly List<BlockId> _blocks = [];
    private byte[] _buffer = [];
    private int _filled;

    private Position _mark;

    /// <summary>Bytes written in all, staged or not yet.</summary>
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

    /// <summary>What was written so far stays: <see cref="Rewind"/> goes back to here.</summary>
    public void Mark() => _mark = new Position(_blocks.Count, _filled, BytesWritten);

    /// <summary>Takes back what was written since <see cref="Mark"/>. A block that was staged meanwhile is never committed.</summary>
    public void Rewind()
    {
        _blocks.RemoveRange(_mark.Blocks, _blocks.Count - _mark.Blocks);
        (_filled, BytesWritten) = (_mark.Filled, _mark.BytesWritten);
    }

    /// <summary>Stages a block when one is full; to be called between writes. Until then they stay in memory.</summary>
    public ValueTask FlushIfFullAsync(CancellationToken cancellationToken) =>
        _filled < blockSize ? ValueTask.CompletedTask : new ValueTask(StageAsync(cancellationToken));

    /// <summary>Stages what is left, and gives the blocks to commit, in order: none when nothing was written.</summary>
    public async ValueTask<IReadOnlyList<BlockId>> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
            await StageAsync(cancellationToken).ConfigureAwait(false);
        return _blocks;
    }

    /// <summary>Makes what was written the object, empty when nothing was: at once while no block is staged, by committing them otherwise.</summary>
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

    /// <summary>Gives the buffer back. Blocks that were staged stay so.</summary>
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
            // No block has both what stays and what may be taken back.
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
