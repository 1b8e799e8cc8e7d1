using System.Buffers;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>A position in text, counted from 0 as JSON readers do: the line, and the byte in the line.</summary>
internal readonly record struct TextPosition(long Line, long BytesInLine)
{
    /// <summary>The position after bytes that start here.</summary>
    public TextPosition After(in ReadOnlySequence<byte> text)
    {
        var (line, bytes) = this;
        foreach (var segment in text)
        {
            var last = segment.Span.LastIndexOf((byte)'\n');
            line += segment.Span.Count((byte)'\n');
            bytes = last < 0 ? bytes + segment.Length : segment.Length - last - 1;
        }

        return new(line, bytes);
    }
}
