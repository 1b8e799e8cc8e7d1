using System.Buffers;
using System.Buffers.Binary;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>
/// Writes a job's inputs, one per line, and the index of their offsets. Nothing is visible before <see cref="CompleteAsync"/>.
/// </summary>
internal sealed class InputWriter : IDisposable
{
    private readonly BlockWriter _lines;
    private readonly BlockWriter? _index;
    private readonly long _bytesBefore;

    /// <param name="store">The object store.</param>
    /// <param name="name">The object of the lines.</param>
    /// <param name="indexName">The object of the offsets; null for none.</param>
    /// <param name="execution">See <see cref="BlockId.NewExecution"/>.</param>
    /// <param name="blockSize">The size of a staged block, in bytes.</param>
    /// <param name="run">The number of the run, if several write one after another and their blocks are committed together.</param>
    /// <param name="before">The number of inputs, and their bytes, that the runs before have written.</param>
    public InputWriter(
        IObjectStore store,
        string name,
        string? indexName,
        uint execution,
        int blockSize,
        int run = 0,
        (long Count, long Bytes) before = default)
    {
        _lines = new BlockWriter(store, name, run, execution, blockSize);
        _index = indexName is null ? null : new BlockWriter(store, indexName, run, execution, blockSize);
        (Count, _bytesBefore) = before;
    }

    /// <summary>The length of all inputs written, in bytes.</summary>
    public long BytesWritten => _bytesBefore + _lines.BytesWritten;

    /// <summary>The number of inputs written.</summary>
    public long Count { get; private set; }

    /// <summary>Writes one JSON value. Replaces line breaks, which can only be between tokens, with spaces.</summary>
    public ValueTask WriteAsync(in ReadOnlySequence<byte> json, CancellationToken cancellationToken)
    {
        var length = checked((int)json.Length);
        var line = _lines.GetSpan(length + 1);
        json.CopyTo(line);
        return EndLineAsync(line[..(length + 1)], cancellationToken);
    }

    /// <inheritdoc cref="WriteAsync(in ReadOnlySequence{byte}, CancellationToken)"/>
    public ValueTask WriteAsync(ReadOnlySpan<byte> json, CancellationToken cancellationToken)
    {
        var line = _lines.GetSpan(json.Length + 1);
        json.CopyTo(line);
        return EndLineAsync(line[..(json.Length + 1)], cancellationToken);
    }

    /// <summary>Commits the index, then the inputs, so that inputs always have their index.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        if (_index is not null)
        {
            WriteOffset();
            await _index.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        await _lines.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stages what is left, and returns the number of this run's blocks of lines and of the index.</summary>
    /// <param name="isEnd">Whether no run follows.</param>
    /// <param name="cancellationToken">Cancels the staging.</param>
    public async Task<(int Lines, int Index)> StageAsync(bool isEnd, CancellationToken cancellationToken)
    {
        if (isEnd)
            WriteOffset();
        var lines = await _lines.CompleteAsync(cancellationToken).ConfigureAwait(false);
        var index = _index is null ? [] : await _index.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return (lines.Count, index.Count);
    }

    public void Dispose()
    {
        _lines.Dispose();
        _index?.Dispose();
    }

    private ValueTask EndLineAsync(Span<byte> line, CancellationToken cancellationToken)
    {
        WriteOffset();
        var text = line[..^1];
        for (var at = text.IndexOfAnyInRange((byte)0, (byte)31); at >= 0; at = text.IndexOfAnyInRange((byte)0, (byte)31))
        {
            text[at] = (byte)' ';
            text = text[(at + 1)..];
        }

        line[^1] = (byte)'\n';
        _lines.Advance(line.Length);
        Count++;
        var flush = _lines.FlushIfFullAsync(cancellationToken);
        if (_index is null)
            return flush;
        var flushIndex = _index.FlushIfFullAsync(cancellationToken);
        return flush.IsCompletedSuccessfully ? flushIndex : BothAsync(flush, flushIndex);

        static async ValueTask BothAsync(ValueTask first, ValueTask second)
        {
            await first.ConfigureAwait(false);
            await second.ConfigureAwait(false);
        }
    }

    private void WriteOffset()
    {
        if (_index is null)
            return;
        BinaryPrimitives.WriteInt64LittleEndian(_index.GetSpan(sizeof(long)), BytesWritten);
        _index.Advance(sizeof(long));
    }
}
