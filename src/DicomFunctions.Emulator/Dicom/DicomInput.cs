using System.Buffers;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>
/// A buffered forward reader that knows its position and, if the stream has a length, the end.
/// Skipping a large value costs a seek, not a read, so pixel data never passes through memory.
/// </summary>
internal sealed class DicomInput : IDisposable
{
    /// <summary>The most bytes that a deflated data set may inflate to, against files made to keep a reader busy.</summary>
    private const long MaxInflatedLength = 8L << 30;
    private const int BufferSize = 8 * 1024;
    private readonly Stream _stream;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start;
    private int _end;

    public DicomInput(Stream stream)
    {
        _stream = stream;
        Length = stream.CanSeek ? stream.Length - stream.Position : null;
    }

    /// <summary>Bytes consumed so far.</summary>
    public long Position { get; private set; }

    /// <summary>The total bytes; null if only reading to the end can tell.</summary>
    public long? Length { get; }

    public bool AtEnd => _start == _end && !Fill(1);

    /// <summary>Returns the next bytes without consuming them; fewer than requested at the end.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        Fill(count);
        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    public void ReadExactly(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            if (_start == _end && !Fill(1))
                throw EndOfData();

            var count = Math.Min(destination.Length, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(destination);
            destination = destination[count..];
            Consume(count);
        }
    }

    public void Skip(long count)
    {
        if (Length is { } length && count > length - Position)
            throw EndOfData();

        var buffered = (int)Math.Min(count, _end - _start);
        Consume(buffered);
        count -= buffered;
        if (count == 0)
            return;

        if (Length is not null)
        {
            _stream.Seek(count, SeekOrigin.Current);
            Position += count;
            return;
        }

        while (count > 0)
        {
            ThrowIfEndless();
            if (!Fill(1))
                throw EndOfData();

            var step = (int)Math.Min(count, _end - _start);
            Consume(step);
            count -= step;
        }
    }

    /// <summary>Skips zeros up to the end; false if anything else follows.</summary>
    public bool SkipZeros()
    {
        while (_start < _end || Fill(1))
        {
            if (_buffer.AsSpan(_start, _end - _start).ContainsAnyExcept((byte)0))
                return false;

            Consume(_end - _start);
            ThrowIfEndless();
        }

        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private static DicomFormatException EndOfData() => new("unexpected end of the data set");

    private void ThrowIfEndless()
    {
        if (Length is null && Position > MaxInflatedLength)
            throw new DicomFormatException("the deflated data set is too large");
    }

    private void Consume(int count)
    {
        _start += count;
        Position += count;
    }

    private bool Fill(int count)
    {
        if (_end - _start >= count)
            return true;

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        while (_end < count)
        {
            int read;
            try
            {
                read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            }
            catch (InvalidDataException)
            {
                throw new DicomFormatException("the deflated data set cannot be inflated");
            }

            if (read == 0)
                return false;

            _end += read;
        }

        return true;
    }
}
