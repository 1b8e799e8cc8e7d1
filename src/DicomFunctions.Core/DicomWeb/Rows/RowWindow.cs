using System.Buffers;
using DicomFunctions.Core.Dicom;

namespace DicomFunctions.Core.DicomWeb.Rows;

/// <summary>The bytes of an answer that have arrived but were not consumed, in a pooled buffer.</summary>
internal struct RowWindow
{
    private const int FirstBufferSize = 16 * 1024;
    private const int StreamBufferSize = 128 * 1024;

    private static readonly SearchValues<byte> LineBreaksAndTabs = SearchValues.Create("\t\n\r"u8);

    private byte[] _buffer;
    private int _start;
    private int _end;

    /// <param name="length">The length of the answer, if known.</param>
    public RowWindow(long? length) =>
        _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(length + 1 ?? FirstBufferSize, 1024, StreamBufferSize));

    public readonly bool IsFull => _end == _buffer.Length;

    public readonly Memory<byte> Free => _buffer.AsMemory(_end);

    public void Advance(int count) => _end += count;

    /// <summary>Finds the next row. Its bytes are valid until the next read, and have spaces for the line breaks between tokens.</summary>
    public bool TryRead(ref DicomJsonRowScanner scanner, out DicomJsonRow row, out ReadOnlyMemory<byte> bytes)
    {
        var found = scanner.TryRead(_buffer.AsSpan(_start, _end - _start), out var consumed, out row);
        var text = _buffer.AsMemory(_start + row.Start, row.Length);
        if (row.HasControls)
            text.Span.ReplaceAny(LineBreaksAndTabs, (byte)' ');
        bytes = text;
        _start += consumed;
        if (_start == _end)
            (_start, _end) = (0, 0);
        return found;
    }

    /// <summary>Makes room by moving the rest to the front, or into a larger buffer. False if a row needs more than it may.</summary>
    public bool TryGrow(int maxRowBytes)
    {
        var unread = _end - _start;
        var target = _buffer;
        if (unread > _buffer.Length / 2 || _buffer.Length < StreamBufferSize)
        {
            if (unread >= maxRowBytes)
                return false;
            target = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(StreamBufferSize, _buffer.Length * 2L), Array.MaxLength));
        }

        _buffer.AsSpan(_start, unread).CopyTo(target);
        if (target != _buffer)
            Return();
        (_buffer, _start, _end) = (target, 0, unread);
        return true;
    }

    public readonly void Return() => ArrayPool<byte>.Shared.Return(_buffer);
}
