using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Http;

/// <summary>
/// Answers with a JSON array whose elements are taken one by one: a short answer goes out whole with its length, a long one in chunks,
/// at the speed of the reader and in constant memory.
/// </summary>
internal static class RowStream
{
    private const int ShortAnswer = 32 * 1024;

    /// <summary>204 when there is not one row.</summary>
    public static async Task WriteAsync(HttpContext context, IEnumerable<ReadOnlyMemory<byte>> rows)
    {
        using var next = rows.GetEnumerator();
        if (!next.MoveNext())
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/dicom+json";
        var first = new List<ReadOnlyMemory<byte>>(1);
        var length = 1L;
        var more = true;
        while (more && length < ShortAnswer)
        {
            first.Add(next.Current);
            length += next.Current.Length + 1;
            more = next.MoveNext();
        }

        if (!more)
        {
            response.ContentLength = length;
        }

        var writer = response.BodyWriter;
        var separator = (byte)'[';
        foreach (var row in first)
        {
            Write(writer, row.Span, separator);
            separator = (byte)',';
        }

        long pending = 0;
        while (more)
        {
            Write(writer, next.Current.Span, separator);
            pending += next.Current.Length;
            if (pending >= ShortAnswer)
            {
                pending = 0;
                var flushed = await writer.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                if (flushed.IsCompleted)
                {
                    return;
                }
            }

            more = next.MoveNext();
        }

        writer.Write("]"u8);
        await writer.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static void Write(IBufferWriter<byte> writer, ReadOnlySpan<byte> row, byte separator)
    {
        writer.Write([separator]);
        writer.Write(row);
    }
}
