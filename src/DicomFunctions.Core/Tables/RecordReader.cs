using System.Buffers;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Tables;

/// <summary>
/// Reads the records of a results file piece by piece: each data set of <c>result</c>, then the end of the record. Holds no more than one
/// data set, since a record may be larger than memory.
/// </summary>
/// <param name="part">The file; closed with the reader.</param>
/// <param name="name">What errors call it.</param>
/// <param name="skipsRows">Whether to find only the ends of the records.</param>
internal sealed class RecordReader(Stream part, string name, bool skipsRows) : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private JsonReaderState _state = NewState();
    private int _start;
    private int _end;
    private bool _isEnd;

    private Place _place;
    private Place _after;
    private int _depth;
    private long _number;
    private RecordOutcome _current = new();

    private enum Place
    {
        BetweenRecords,
        InRecord,
        InResult,
        Skipping,
    }

    /// <summary>The last data set found, until the next piece is read.</summary>
    public ReadOnlyMemory<byte> Row { get; private set; }

    /// <summary>How the last record that ended did.</summary>
    public RecordOutcome? Outcome { get; private set; }

    /// <exception cref="ObjectDamagedException">A record is not valid JSON, or the file ends within it.</exception>
    public async ValueTask<RecordPiece> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var piece = Scan();
            if (piece != RecordPiece.None)
                return piece;
            if (_isEnd)
            {
                return _place == Place.BetweenRecords && IsBlank(_buffer.AsSpan(_start, _end - _start))
                    ? RecordPiece.None
                    : throw Damaged("is cut off");
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        part.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    // A row of the greatest depth allowed stands a few levels down in its record.
    private static JsonReaderState NewState() =>
        new(new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = DicomJsonRowScanner.MaxDepth + 16 });

    private static bool IsBlank(ReadOnlySpan<byte> rest) => !rest.ContainsAnyExcept(" \t\r\n"u8);

    private RecordPiece Scan()
    {
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), isFinalBlock: false, _state);
        var piece = RecordPiece.None;
        try
        {
            while (piece == RecordPiece.None)
            {
                if (_place == Place.Skipping ? !TrySkip(ref reader) : !TryStep(ref reader, out piece))
                    break;
            }
        }
        catch (JsonException)
        {
            // The reader's message may quote the record, and so identify a patient.
            throw Damaged("is not valid JSON");
        }

        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
        return piece;
    }

    /// <summary>Reads a bracket, a property or a data set. False if more bytes are needed: the reader then stays where it was.</summary>
    private bool TryStep(ref Utf8JsonReader reader, out RecordPiece piece)
    {
        var before = reader;
        piece = RecordPiece.None;
        if (reader.Read() && (_place switch
        {
            Place.BetweenRecords => TryBegin(reader.TokenType),
            Place.InRecord when reader.TokenType == JsonTokenType.EndObject => TryEnd(out piece),
            Place.InRecord => TryReadProperty(ref reader),
            _ => TryReadRow(ref reader, out piece),
        }))
        {
            return true;
        }

        reader = before;
        return false;
    }

    private bool TryBegin(JsonTokenType token)
    {
        if (token != JsonTokenType.StartObject)
            throw Damaged("is not a JSON object");
        (_place, _current) = (Place.InRecord, new RecordOutcome());
        return true;
    }

    private bool TryEnd(out RecordPiece piece)
    {
        piece = RecordPiece.End;
        (_place, Outcome) = (Place.BetweenRecords, _current);
        _number++;
        return true;
    }

    private bool TryReadProperty(ref Utf8JsonReader reader)
    {
        var key = reader;
        if (!reader.Read())
            return false;
        if (!RecordOutcome.IsKept(key))
        {
            if (reader.TokenType == JsonTokenType.StartArray && key.NameEquals("result"u8))
                _place = Place.InResult;
            else
                Skip(reader.TokenType);
            return true;
        }

        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
            return false;
        _current.Take(key, _buffer.AsSpan(_start + start, (int)reader.BytesConsumed - start));
        return true;
    }

    private bool TryReadRow(ref Utf8JsonReader reader, out RecordPiece piece)
    {
        piece = RecordPiece.None;
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            _place = Place.InRecord;
            return true;
        }

        if (skipsRows || reader.TokenType != JsonTokenType.StartObject)
        {
            Skip(reader.TokenType);
            return true;
        }

        var start = (int)reader.TokenStartIndex;
        if (!reader.TrySkip())
            return false;
        Row = _buffer.AsMemory(_start + start, (int)reader.BytesConsumed - start);
        if (RetrievedFile.IsIn(Row.Span))
            _current.TakeFile(Row.Span);
        else
            piece = RecordPiece.Row;
        return true;
    }

    /// <summary>
    /// Passes over the rest of a value token by token, so that it need not fit into memory. False if more bytes are needed.
    /// </summary>
    private bool TrySkip(ref Utf8JsonReader reader)
    {
        while (_place == Place.Skipping)
        {
            if (!reader.Read())
                return false;
            Skip(reader.TokenType);
        }

        return true;
    }

    private void Skip(JsonTokenType token)
    {
        if (token is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            if (_depth++ == 0)
                (_place, _after) = (Place.Skipping, _place);
        }
        else if (token is JsonTokenType.EndObject or JsonTokenType.EndArray && --_depth == 0)
        {
            _place = _after;
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var unread = _end - _start;
        if (unread == _buffer.Length)
        {
            // One data set, or one token, is longer than the buffer.
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

        // Full, since an incomplete data set is read from its start again.
        var free = _buffer.AsMemory(_end);
        var read = await part.ReadAtLeastAsync(free, free.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        _end += read;
        _isEnd = read < free.Length;
    }

    private ObjectDamagedException Damaged(string problem) => new($"{name} is damaged: record {_number + 1} of it {problem}.");
}
