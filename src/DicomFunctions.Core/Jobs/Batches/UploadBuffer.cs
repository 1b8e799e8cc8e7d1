using System.Buffers;

namespace DicomFunctions.Core.Jobs.Batches;

/// <summary>A file in memory or, if its length is not known and it is not small, its beginning.</summary>
internal sealed class UploadBuffer : IDisposable
{
    /// <summary>The most of a file of unknown length, in bytes. Its identifiers are within it, or the file is read twice.</summary>
    private const int MostUnknown = 4 << 20;

    private const int LeastUnknown = 64 << 10;

    private readonly UploadMemory _memory;
    private readonly int _most;
    private readonly bool _isKnown;
    private byte[] _bytes;
    private int _taken;

    private UploadBuffer(UploadMemory memory, int size, int most, bool isKnown)
    {
        (_memory, _taken, _most, _isKnown) = (memory, size, most, isKnown);
        _bytes = ArrayPool<byte>.Shared.Rent(size);
    }

    /// <summary>The number of bytes held.</summary>
    public int Length { get; private set; }

    /// <summary>Whether that is the whole file.</summary>
    public bool IsWhole { get; private set; }

    public ReadOnlyMemory<byte> Content => _bytes.AsMemory(0, Length);

    /// <summary>A buffer for a file; null if the file is too large, or there is no room.</summary>
    /// <param name="length">The file's length in bytes; null if it is not known.</param>
    /// <param name="maxInMemory">The most bytes of a file that is held whole.</param>
    /// <param name="memory">Limits the memory of all files.</param>
    public static UploadBuffer? For(long? length, long maxInMemory, UploadMemory memory)
    {
        var most = (int)Math.Min(length ?? MostUnknown, maxInMemory);
        var first = length is null ? Math.Min(LeastUnknown, most) : most;
        return length <= maxInMemory || (length is null && first > 0)
            ? memory.TryTake(first) ? new UploadBuffer(memory, first, most, length is not null) : null
            : null;
    }

    /// <summary>Reads until the file ends, or there is no room for more of it.</summary>
    public async ValueTask FillAsync(Stream content, CancellationToken cancellationToken)
    {
        do
        {
            // The buffer is pooled: beyond the file it holds bytes of another.
            var free = _bytes.AsMemory(Length, _taken - Length);
            var read = await content.ReadAtLeastAsync(free, free.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
            Length += read;
            IsWhole = _isKnown || read < free.Length;
        }
        while (!IsWhole && TryGrow());
    }

    public void Dispose()
    {
        if (_taken == 0)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _memory.GiveBack(_taken);
        (_bytes, _taken, Length) = ([], 0, 0);
    }

    private bool TryGrow()
    {
        var size = (int)Math.Min(2L * _taken, _most);
        if (size == _taken || !_memory.TryTake(size - _taken))
            return false;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        Content.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _taken) = (larger, size);
        return true;
    }
}
