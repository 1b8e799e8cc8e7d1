using System.Buffers;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>A place in a text, counted from 0 as JSON readers do: in lines, and in bytes of its line.</summary>
internal readonly record struct TextPosition(long Line, long BytesInLine)
{
    /// <summary>The place after these bytes, which begin here.</summary>
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
