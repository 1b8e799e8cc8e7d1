using System.Buffers;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Jobs.Results;

/// <summary>Finds the records of a part: the position of each and whether it is a success. Holds none of them in memory.</summary>
/// <remarks>
/// A record may be an answer of gigabytes, followed by its <c>success</c>. A line that is not JSON, which malformed rows of a server can
/// cause, has no outcome, and the scan continues after it.
/// </remarks>
internal sealed class ResultScanner(Stream part) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private JsonReaderState _state = NewState();
    private int _start;
    private int _end;
    private long _offset;
    private bool _isEnd;

    private long _lineStart;
    private bool? _success;
    private bool _isSuccessNext;
    private int _depth;
    private bool _isMalformed;

    /// <summary>The next record; null at the end.</summary>
    public async ValueTask<ResultSpan?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryScan(out var found))
                return found;
            if (_isEnd)
                return null;
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    // An input or a row of the greatest depth allowed is a few levels deep in its record.
    private static JsonReaderState NewState() =>
        new(new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = DicomJsonRowScanner.MaxDepth + 16 });

    private bool TryScan(out ResultSpan found)
    {
        try
        {
            return _isMalformed ? TrySkipLine(out found) : TryScanRecord(out found);
        }
        catch (JsonException)
        {
            _isMalformed = true;
            return TrySkipLine(out found);
        }
    }

    /// <summary>Skips to the end of the line: no record contains a raw line break.</summary>
    private bool TrySkipLine(out ResultSpan found)
    {
        if (_offset < _lineStart)
        {
            // The end of the line before is not skipped yet.
            _start++;
            _offset++;
        }

        var end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        var skipped = end >= 0 ? end : _end - _start;
        _start += skipped;
        _offset += skipped;
        found = new ResultSpan(_lineStart, _offset - _lineStart, Success: null);
        if (end < 0)
            return false;
        _lineStart = _offset + 1;
        (_state, _depth, _success, _isSuccessNext, _isMalformed) = (NewState(), 0, null, false, false);
        return true;
    }

    private bool TryScanRecord(out ResultSpan found)
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), isFinalBlock: false, _state);
        var complete = false;
        found = default;
        while (!complete && reader.Read())
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                _depth++;
            else if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                _depth--;
            if (_isSuccessNext)
                _success = reader.TokenType == JsonTokenType.True;
            _isSuccessNext = _depth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.TextEquals("success");
            complete = _depth == 0;
        }

        var consumed = (int)reader.BytesConsumed;
        _start += consumed;
        _offset += consumed;
        _state = reader.CurrentState;
        if (!complete)
            return false;
        found = new ResultSpan(_lineStart, _offset - _lineStart, _success);
        // The line end belongs to no record.
        _lineStart = _offset + 1;
        _success = null;
        return true;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var unread = _end - _start;
        if (unread == _buffer.Length)
        {
            // A token, such as inline binary, is longer than the buffer.
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, unread).CopyTo(_buffer);
            (_start, _end) = (0, unread);
        }

        var read = await part.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        _isEnd = read == 0;
    }
}
