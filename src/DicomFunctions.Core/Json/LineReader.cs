using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace DicomFunctions.Core.Json;

/// <summary>Reads UTF-8 line by line, holding no more than the longest line in memory.</summary>
internal static class LineReader
{
    private static readonly StreamPipeReaderOptions Options = new(bufferSize: 64 * 1024, leaveOpen: true);

    /// <summary>The lines without their line breaks. Each is valid until the next is requested.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, Options);
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                var buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    yield return Contiguous(buffer.Slice(0, end));
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (result.IsCompleted)
                {
                    if (!buffer.IsEmpty)
                        yield return Contiguous(buffer);
                    yield break;
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private static ReadOnlyMemory<byte> Contiguous(in ReadOnlySequence<byte> line) => line.IsSingleSegment ? line.First : line.ToArray();
}
