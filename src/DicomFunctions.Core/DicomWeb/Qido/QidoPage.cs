using System.Buffers;
using System.Net;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Qido;

/// <summary>Requests one page of a search and reads its rows as they arrive.</summary>
internal sealed class QidoPage(QidoSearch search, DicomWebUri uris, long limit, long offset) : Exchange
{
    private const int FirstBufferSize = 16 * 1024;
    private const int StreamBufferSize = 128 * 1024;

    private static readonly SearchValues<byte> LineBreaksAndTabs = SearchValues.Create("\t\n\r"u8);

    private long _wanted;

    /// <summary>Whether the answer has a length or chunks. Without, an empty answer may be incomplete.</summary>
    private bool _hasEnd;

    /// <summary>The number of rows in the answer, including those already known.</summary>
    public long Rows { get; private set; }

    /// <summary>The number of new rows in the answer, in the successful attempt and those before it.</summary>
    public long NewRows { get; private set; }

    /// <summary>The number of rows that an earlier page, or this one, had already returned.</summary>
    public long RepeatedRows => Math.Max(0, _wanted - NewRows);

    /// <summary>Whether the server says that it has more rows.</summary>
    public bool HasMore { get; private set; }

    public override HttpRequestMessage CreateRequest(IdleTimer idle)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uris.Page(search.Request, limit, offset))
        {
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Version = HttpVersion.Version20,
        };
        request.Headers.TryAddWithoutValidation("Accept", "application/dicom+json");
        return request;
    }

    // 206: older archives use it when there are more rows.
    public override bool Understands(int statusCode) => statusCode is 200 or 204 or 206;

    public override async ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
    {
        (Rows, _wanted) = (0, 0);
        var code = (int)response.StatusCode;
        HasMore = code == 206
            || response.Headers.Warning.Any(warning => warning.Text.Contains("additional results", StringComparison.OrdinalIgnoreCase));
        if (code == 204)
            return RequestOutcome.Succeeded(code);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var length = response.Content.Headers.ContentLength;
            var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(length + 1 ?? FirstBufferSize, 1024, StreamBufferSize));
            try
            {
                _hasEnd = length is not null || response.Headers.TransferEncodingChunked == true || response.Version.Major > 1
                    || response.Content is GunzippedContent { HasEnd: true };
                return await ReadRowsAsync(body, new Window(buffer), code, idle, cancellationToken).ConfigureAwait(false);
            }
            catch (JsonException exception)
            {
                return RequestOutcome.Refused(
                    $"The server answered {code} with {response.Content.Headers.ContentType?.MediaType ?? "no content type"}, "
                    + $"which is not DICOM JSON: {exception.Message}");
            }
        }
    }

    private async ValueTask<RequestOutcome> ReadRowsAsync(
        Stream body, Window window, int code, IdleTimer idle, CancellationToken cancellationToken)
    {
        try
        {
            var scanner = new DicomJsonRowScanner(search.Level);
            var received = 0L;
            while (true)
            {
                if (window.IsFull && !window.TryGrow(search.MaxRowBytes))
                    return TooLong();
                var read = await body.ReadAsync(window.Free, cancellationToken).ConfigureAwait(false);
                if (read == 0)
                {
                    return scanner.IsComplete || (scanner.IsBlank && _hasEnd)
                        ? RequestOutcome.Succeeded(code)
                        : RequestOutcome.Broken("The answer broke off.");
                }

                idle.Received(read);
                if ((received += read) > search.MaxBytes)
                    return RequestOutcome.Refused(search.TooManyBytes());
                window.Advance(read);
                while (Next(ref scanner, ref window, out var row))
                {
                    if (row.Length > search.MaxRowBytes)
                        return TooLong();
                    Rows++;
                    if (search.IsFull)
                        continue;
                    _wanted++;
                    var bytes = window.Take(row);
                    if (!search.TryTake(bytes.Span, row.Uids))
                        continue;
                    NewRows++;
                    if (row.IsTooDeep)
                    {
                        search.LeaveOut(bytes.Span, row.Uids);
                        continue;
                    }

                    if (search.Excess(row.Length) is { } reason)
                        return RequestOutcome.Refused(reason);
                    var write = search.WriteAsync(bytes, cancellationToken);
                    if (!write.IsCompletedSuccessfully)
                    {
                        idle.Pause();
                        await WrittenAsync(write).ConfigureAwait(false);
                        idle.Touch();
                    }
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window.Buffer);
        }
    }

    private async ValueTask WrittenAsync(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            OwnFailure = exception;
            throw;
        }
    }

    private RequestOutcome TooLong() => RequestOutcome.Refused($"A data set in the answer is larger than {search.MaxRowBytes} bytes.");

    private static bool Next(ref DicomJsonRowScanner scanner, ref Window window, out DicomJsonRow row)
    {
        var found = scanner.TryRead(window.Unread, out var consumed, out row);
        row = row with { Start = row.Start + window.Start };
        window.Consume(consumed);
        return found;
    }

    /// <summary>The bytes that have arrived but were not consumed, in a pooled buffer.</summary>
    private struct Window(byte[] buffer)
    {
        private int _end;

        public byte[] Buffer { get; private set; } = buffer;

        public int Start { get; private set; }

        public readonly bool IsFull => _end == Buffer.Length;

        public readonly ReadOnlySpan<byte> Unread => Buffer.AsSpan(Start, _end - Start);

        public readonly Memory<byte> Free => Buffer.AsMemory(_end);

        public void Advance(int count) => _end += count;

        public void Consume(int count)
        {
            Start += count;
            if (Start == _end)
                (Start, _end) = (0, 0);
        }

        /// <summary>The row's bytes, valid until the next read. Replaces line breaks between its tokens with spaces.</summary>
        public readonly ReadOnlyMemory<byte> Take(DicomJsonRow row)
        {
            var bytes = Buffer.AsMemory(row.Start, row.Length);
            if (row.HasControls)
            {
                bytes.Span.ReplaceAny(LineBreaksAndTabs, (byte)' ');
            }

            return bytes;
        }

        /// <summary>Makes room by moving the rest to the front, or into a larger buffer.</summary>
        public bool TryGrow(int maxRowBytes)
        {
            var unread = _end - Start;
            var target = Buffer;
            if (unread > Buffer.Length / 2 || Buffer.Length < StreamBufferSize)
            {
                if (unread >= maxRowBytes)
                    return false;
                target = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(StreamBufferSize, Buffer.Length * 2L), Array.MaxLength));
            }

            Unread.CopyTo(target);
            if (target != Buffer)
                ArrayPool<byte>.Shared.Return(Buffer);
            (Buffer, Start, _end) = (target, 0, unread);
            return true;
        }
    }
}
