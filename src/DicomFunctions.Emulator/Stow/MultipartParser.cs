using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace DicomFunctions.Emulator.Stow;

/// <summary>
/// Reads a multipart body (RFC 2046 §5.1) part by part from a pipe and passes a part's bytes on as they arrive. Memory is bounded by the
/// pipe's buffer and <see cref="MaxHeaderLength"/>.
/// </summary>
internal sealed class MultipartParser
{
    /// <summary>The most bytes of one part's headers, and of the text before the first part.</summary>
    public const int MaxHeaderLength = 16 * 1024;
    private readonly PipeReader _reader;
    private readonly byte[] _delimiter;
    private bool _ended;
    private bool _inBody;
    private bool _begun;

    public MultipartParser(PipeReader reader, string boundary)
    {
        _reader = reader;
        _delimiter = Encoding.Latin1.GetBytes("\r\n--" + boundary);
    }

    /// <summary>
    /// Skips the rest of the current part, moves to the next one and returns its headers (names in lower case); null after the last part.
    /// </summary>
    /// <exception cref="InvalidDataException">The body is malformed or ends early.</exception>
    public async ValueTask<IReadOnlyDictionary<string, string>?> NextPartAsync(CancellationToken cancellationToken)
    {
        if (!_begun)
        {
            await SkipToFirstDelimiterAsync(cancellationToken).ConfigureAwait(false);
            _begun = true;
        }
        else if (_inBody)
        {
            await ReadBodyAsync(static (_, _) => ValueTask.CompletedTask, cancellationToken).ConfigureAwait(false);
        }

        if (_ended || await ReadDelimiterEndAsync(cancellationToken).ConfigureAwait(false))
        {
            _ended = true;
            return null;
        }

        _inBody = true;
        return await ReadHeadersAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Passes on the rest of the current part's bytes.</summary>
    /// <exception cref="InvalidDataException">The body ends within the part.</exception>
    public async ValueTask ReadBodyAsync(
        Func<ReadOnlySequence<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (Find(buffer) is { } found)
            {
                await write(buffer.Slice(0, found), cancellationToken).ConfigureAwait(false);
                _reader.AdvanceTo(buffer.GetPosition(_delimiter.Length, found));
                _inBody = false;
                return;
            }

            // The last bytes may be the start of a delimiter.
            var safe = Math.Max(0, buffer.Length - _delimiter.Length + 1);
            if (safe > 0)
                await write(buffer.Slice(0, safe), cancellationToken).ConfigureAwait(false);

            _reader.AdvanceTo(buffer.GetPosition(safe), buffer.End);
            ThrowIfCompleted(result);
        }
    }

    private static void ThrowIfCompleted(ReadResult result)
    {
        if (result.IsCompleted)
            throw new InvalidDataException("the multipart body ends without its closing boundary");
    }

    private SequencePosition? Find(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryReadTo(out ReadOnlySequence<byte> before, _delimiter) ? before.End : null;
    }

    private async ValueTask SkipToFirstDelimiterAsync(CancellationToken cancellationToken)
    {
        // Without a preamble, no line break precedes the first delimiter.
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            var start = _delimiter.AsMemory(2);
            if (buffer.Length >= start.Length && StartsWith(buffer, start.Span))
            {
                _reader.AdvanceTo(buffer.GetPosition(start.Length));
                return;
            }

            // The limit on the preamble must not depend on how much of it arrives at once.
            var found = Find(buffer);
            var before = found is null ? buffer.Length - _delimiter.Length : buffer.Slice(0, found.Value).Length;
            if (before > MaxHeaderLength)
                throw new InvalidDataException("the multipart body does not begin with its boundary");

            if (found is not null)
            {
                _reader.AdvanceTo(buffer.GetPosition(_delimiter.Length, found.Value));
                return;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            ThrowIfCompleted(result);
        }
    }

    private static bool StartsWith(ReadOnlySequence<byte> buffer, ReadOnlySpan<byte> value)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.IsNext(value);
    }

    /// <summary>Reads the rest of a delimiter's line; true if it is the closing delimiter.</summary>
    private async ValueTask<bool> ReadDelimiterEndAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (buffer.Length >= 2 && StartsWith(buffer, "--"u8))
            {
                _reader.AdvanceTo(buffer.GetPosition(2));
                return true;
            }

            if (TakeLine(buffer, out var line, out var rest))
            {
                _reader.AdvanceTo(rest);
                return line.Trim().Length == 0
                    ? false
                    : throw new InvalidDataException("text follows a boundary of the multipart body on its line");
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            ThrowIfCompleted(result);
            ThrowIfTooLong(buffer.Length);
        }
    }

    private async ValueTask<IReadOnlyDictionary<string, string>> ReadHeadersAsync(CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        long total = 0;
        while (true)
        {
            var result = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (TakeLine(buffer, out var line, out var rest))
            {
                total += line.Length + 2;
                ThrowIfTooLong(total);
                _reader.AdvanceTo(rest);
                if (line.Length == 0)
                    return headers;

                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon > 0)
#pragma warning disable CA1308 // Header names are compared in lower case here, as in HTTP/2.
                    headers[line[..colon].Trim().ToLowerInvariant()] = line[(colon + 1)..].Trim();
#pragma warning restore CA1308

                continue;
            }

            _reader.AdvanceTo(buffer.Start, buffer.End);
            ThrowIfCompleted(result);
            ThrowIfTooLong(total + buffer.Length);
        }
    }

    private static bool TakeLine(ReadOnlySequence<byte> buffer, out string line, out SequencePosition rest)
    {
        var reader = new SequenceReader<byte>(buffer);
        var found = reader.TryReadTo(out ReadOnlySequence<byte> bytes, "\r\n"u8);
        line = found && bytes.Length <= MaxHeaderLength ? Encoding.Latin1.GetString(bytes) : "";
        if (found && bytes.Length > MaxHeaderLength)
            throw new InvalidDataException("the headers of a part of the multipart body are too long");

        rest = reader.Position;
        return found;
    }

    private static void ThrowIfTooLong(long length)
    {
        if (length > MaxHeaderLength)
            throw new InvalidDataException("the headers of a part of the multipart body are too long");
    }
}
