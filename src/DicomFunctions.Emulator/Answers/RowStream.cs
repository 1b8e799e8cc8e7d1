using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Emulator.Answers;

/// <summary>
/// Answers with a JSON array, one row at a time. A short array is sent whole, with its length; a long one is sent in chunks, in constant
/// memory and no faster than the client reads. Each row is written before the next one is requested.
/// </summary>
internal static class RowStream
{
    private const int BlockSize = 32 * 1024;

    /// <summary>Answers 200 with the rows, or 204 if there are none.</summary>
    public static async Task WriteAsync(HttpContext context, IEnumerable<ReadOnlyMemory<byte>> rows)
    {
        using var next = rows.GetEnumerator();
        if (!next.MoveNext())
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = "application/dicom+json";
        var block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            var length = 0;
            bool more;
            do
            {
                // The opening bracket or a comma, the row, and room for the closing bracket.
                var row = next.Current;
                if (length + row.Length + 2 > block.Length)
                {
                    await StreamAsync(context, block.AsMemory(0, length), next).ConfigureAwait(false);
                    return;
                }

                block[length] = length == 0 ? (byte)'[' : (byte)',';
                row.Span.CopyTo(block.AsSpan(length + 1));
                length += row.Length + 1;
                more = next.MoveNext();
            }
            while (more);

            block[length++] = (byte)']';
            context.Response.ContentLength = length;
            await context.Response.Body.WriteAsync(block.AsMemory(0, length), context.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    /// <summary>Sends the rows collected so far, then continues with the current one.</summary>
    private static async Task StreamAsync(HttpContext context, ReadOnlyMemory<byte> begun, IEnumerator<ReadOnlyMemory<byte>> next)
    {
        var writer = context.Response.BodyWriter;
        writer.Write(begun.Span);
        var separator = begun.IsEmpty ? (byte)'[' : (byte)',';
        long pending = begun.Length;
        do
        {
            writer.Write([separator]);
            writer.Write(next.Current.Span);
            separator = (byte)',';
            pending += next.Current.Length;
            if (pending >= BlockSize)
            {
                pending = 0;
                var flushed = await writer.FlushAsync(context.RequestAborted).ConfigureAwait(false);
                if (flushed.IsCompleted)
                    return;
            }
        }
        while (next.MoveNext());

        writer.Write("]"u8);
        await writer.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
