using System.Text;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.DicomWeb.Wado;

/// <summary>
/// Reads the parts of an answer one by one: those of a multipart body (RFC 2046 §5.1), or a body that is a single part. It holds one
/// buffer, whatever the parts' size.
/// </summary>
/// <remarks>
/// A part is whole only when the delimiter after it has arrived, with its line; the body, when its closing delimiter has.
/// </remarks>
internal sealed class AnswerParts : IDisposable
{
    /// <summary>The most bytes of one part's headers, of the padding after a boundary, and of the text before the first part.</summary>
    public const int MaxHeaderBytes = 16 * 1024;

    private const int MaxEpilogueBytes = 16 * 1024;

    private readonly AnswerBuffer _buffer;
    private readonly byte[]? _delimiter;
    private readonly Func<bool> _hasEnd;

    /// <summary>The number of unread bytes that are known to be the current part's.</summary>
    private int _content;

    private Place _place = Place.BeforeAll;
    private AnswerPart? _current;

    /// <param name="body">Not owned.</param>
    /// <param name="boundary">Null if the body is a single part.</param>
    /// <param name="hasEnd">Whether the end of the body is more than the end of the connection; asked there.</param>
    /// <param name="idle">Measures the waiting, and cancels it.</param>
    public AnswerParts(Stream body, string? boundary, Func<bool> hasEnd, IdleTimer idle)
    {
        (_buffer, _hasEnd) = (new AnswerBuffer(body, idle), hasEnd);
        if (boundary is null)
            return;
        _delimiter = Encoding.Latin1.GetBytes("\r\n--" + boundary);
        // The first delimiter needs no line break before it.
        _buffer.Prepend("\r\n"u8);
    }

    private enum Place
    {
        BeforeAll,
        InPart,
        BeforeHeaders,
        AfterAll,
    }

    /// <summary>Whether the body is a single part.</summary>
    public bool IsSingle => _delimiter is null;

    /// <summary>Why the answer cannot be read further; null if it can.</summary>
    public Exception? Failure => _buffer.Failure;

    private ReadOnlySpan<byte> Unread => _buffer.Unread;

    /// <summary>Skips what is left of the current part and begins the next; null after the last.</summary>
    /// <exception cref="IOException">The answer breaks off, or is malformed.</exception>
    public async ValueTask<AnswerPart?> NextAsync()
    {
        if (_place != Place.BeforeAll)
            await SkipPartAsync().ConfigureAwait(false);
        else if (_delimiter is null)
            await FindContentAsync().ConfigureAwait(false);
        else
            await SkipPreambleAsync().ConfigureAwait(false);
        _current = null;
        if (_place == Place.AfterAll)
            return null;
        var type = AnswerType.Of("application/dicom");
        if (_place == Place.BeforeHeaders)
        {
            type = AnswerType.Of(await ReadContentTypeAsync().ConfigureAwait(false));
            _place = Place.InPart;
        }

        return _current = new AnswerPart(this, type);
    }

    /// <summary>Skips what is left of the current part, if any.</summary>
    public async ValueTask SkipPartAsync()
    {
        while (await LookAsync().ConfigureAwait(false) is { IsEmpty: false } content)
            Skip(content.Length);
    }

    /// <summary>Reads what little may follow the last part, so that the connection can serve another request.</summary>
    public async ValueTask FinishAsync()
    {
        try
        {
            for (var read = 0L; read < MaxEpilogueBytes;)
            {
                _buffer.Skip(Unread.Length);
                if (!await _buffer.FillAsync().ConfigureAwait(false))
                    return;
                read += Unread.Length;
            }
        }
        catch (Exception exception)
            when (exception is IOException or HttpRequestException or InvalidDataException or OperationCanceledException)
        {
            // All that matters has arrived.
            _buffer.Failure = null;
        }
    }

    public void Dispose() => _buffer.Dispose();

    /// <summary>Copies some bytes of the part; 0 at its end.</summary>
    internal async ValueTask<int> ReadAsync(AnswerPart part, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty)
            return 0;
        var content = await LookAsync(part, cancellationToken).ConfigureAwait(false);
        var count = Math.Min(content.Length, buffer.Length);
        content[..count].CopyTo(buffer);
        Skip(count);
        return count;
    }

    /// <summary>The bytes of the part that have arrived; none at its end. Valid until the next call.</summary>
    internal ValueTask<ReadOnlyMemory<byte>> LookAsync(AnswerPart part, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(part != _current, part);
        cancellationToken.ThrowIfCancellationRequested();
        return LookAsync();
    }

    internal void Skip(int count)
    {
        _buffer.Skip(count);
        _content -= count;
    }

    private async ValueTask<ReadOnlyMemory<byte>> LookAsync()
    {
        while (!TryLook())
        {
            if (await _buffer.FillAsync().ConfigureAwait(false))
                continue;
            if (_delimiter is not null || !_hasEnd())
                throw Fail(BrokenOff());
            _place = Place.AfterAll;
        }

        return _buffer.First(_content);
    }

    /// <summary>True if bytes of the part are known, or its end is; false if more must arrive.</summary>
    private bool TryLook()
    {
        if (_content > 0 || _place != Place.InPart)
            return true;
        var unread = Unread;
        if (_delimiter is null)
        {
            _content = unread.Length;
            return _content > 0;
        }

        var at = unread.IndexOf(_delimiter);
        _content = at < 0 ? unread.Length - BeginningOfDelimiter(unread) : at;
        return _content > 0 || (at == 0 && TryEndPart(unread[_delimiter.Length..]));
    }

    /// <summary>How many of the last bytes may be the beginning of a delimiter.</summary>
    private int BeginningOfDelimiter(ReadOnlySpan<byte> unread)
    {
        for (var tail = unread[^Math.Min(unread.Length, _delimiter!.Length - 1)..]; ; tail = tail[1..])
        {
            var at = tail.IndexOf((byte)'\r');
            if (at < 0)
                return 0;
            tail = tail[at..];
            if (_delimiter.AsSpan().StartsWith(tail))
                return tail.Length;
        }
    }

    /// <summary>Reads the rest of a delimiter's line; false if more of it must arrive.</summary>
    private bool TryEndPart(ReadOnlySpan<byte> rest)
    {
        if (rest.StartsWith("--"u8))
        {
            _buffer.Skip(_delimiter!.Length + 2);
            _place = Place.AfterAll;
            return true;
        }

        var padding = rest.IndexOfAnyExcept((byte)' ', (byte)'\t');
        if ((padding < 0 ? rest.Length : padding) > MaxHeaderBytes)
            throw Fail(new MalformedAnswerException("A line of the multipart answer is too long."));
        if (padding < 0)
            return false;
        switch (rest[padding..])
        {
            case [(byte)'\n', ..]:
                padding++;
                break;
            case [(byte)'\r', (byte)'\n', ..]:
                padding += 2;
                break;
            case [(byte)'\r'] or [(byte)'-'] when rest[padding] == '\r' || padding == 0:
                return false;
            default:
                throw Fail(new MalformedAnswerException("Text follows a boundary of the multipart answer on its line."));
        }

        _buffer.Skip(_delimiter!.Length + padding);
        _place = Place.BeforeHeaders;
        return true;
    }

    /// <summary>A body without a byte has no part.</summary>
    private async ValueTask FindContentAsync()
    {
        _place = Place.InPart;
        await LookAsync().ConfigureAwait(false);
    }

    private async ValueTask SkipPreambleAsync()
    {
        _place = Place.InPart;
        var (length, isBlank) = (0L, true);
        while (true)
        {
            while (!TryLook())
            {
                if (await _buffer.FillAsync().ConfigureAwait(false))
                    continue;
                // Not one delimiter, and nothing else: nothing to give.
                if (!isBlank || Unread.ContainsAnyExcept(" \t\r\n"u8) || !_hasEnd())
                    throw Fail(BrokenOff());
                _place = Place.AfterAll;
            }

            if (_content == 0)
                return;
            length += _content;
            if (length > MaxHeaderBytes)
                throw Fail(new MalformedAnswerException("The multipart answer does not begin with its boundary."));
            isBlank &= !Unread[.._content].ContainsAnyExcept(" \t\r\n"u8);
            Skip(_content);
        }
    }

    /// <summary>Reads a part's headers, to their blank line.</summary>
    private async ValueTask<string?> ReadContentTypeAsync()
    {
        var headers = new PartHeaders();
        for (var total = 0; ;)
        {
            var end = Unread.IndexOf((byte)'\n');
            if (total + (end < 0 ? Unread.Length : end) > MaxHeaderBytes)
                throw Fail(new MalformedAnswerException("The headers of a part of the answer are too long."));
            if (end < 0)
            {
                if (!await _buffer.FillAsync().ConfigureAwait(false))
                    throw Fail(BrokenOff());
                continue;
            }

            var line = Unread[..end];
            if (line is [.., (byte)'\r'])
                line = line[..^1];
            _buffer.Skip(end + 1);
            total += end + 1;
            if (line.IsEmpty)
                return headers.ContentType;
            if (!headers.TryAdd(Encoding.Latin1.GetString(line)))
                throw Fail(new MalformedAnswerException("A header of a part of the answer is malformed."));
        }
    }

    private static EndOfStreamException BrokenOff() => new("The answer broke off.");

    private Exception Fail(Exception failure) => _buffer.Failure = failure;
}
