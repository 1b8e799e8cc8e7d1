using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Unicode;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>
/// Reads inputs from a body while it arrives: one value; an array of values; consecutive values (NDJSON); or an object with an array of
/// values under <paramref name="arrayKey"/> and options beside it, in any order. If the first value is neither an array nor such an object,
/// every value is an input, arrays included.
/// </summary>
/// <param name="body">UTF-8 JSON, with or without a byte order mark.</param>
/// <param name="arrayKey">The key of the array in a wrapping object.</param>
/// <param name="maxValueBytes">The most bytes in an input or an option.</param>
internal sealed class JsonInputReader(PipeReader body, string arrayKey, int maxValueBytes)
{
    private readonly List<ReadOnlySequence<byte>> _found = [];
    private readonly Dictionary<string, byte[]> _options = new(StringComparer.Ordinal);
    private JsonReaderState _state = new(new JsonReaderOptions { AllowMultipleValues = true });
    private Place _place = Place.TopLevel;
    private TextPosition _start;
    private ExceptionDispatchInfo? _failure;
    private bool _isBegun;
    private bool _isClosed;
    private bool _any;
    private bool _done;
    private int _wanted;
    private long _count;

    private enum Place
    {
        TopLevel,
        InArray,
        InWrapper,
        InWrappedArray,
    }

    /// <summary>The other properties of the wrapping object, as JSON. Complete after the last input.</summary>
    public IReadOnlyDictionary<string, byte[]> Options => _options;

    /// <summary>Reads all inputs. Each is valid until the next is requested.</summary>
    /// <exception cref="InputFormatException">The body is invalid; the message says where.</exception>
    /// <exception cref="RequestTooLargeException">A value exceeds the limit.</exception>
    public async IAsyncEnumerable<ReadOnlySequence<byte>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await ReadAsync(cancellationToken).ConfigureAwait(false) is { Count: > 0 } found)
        {
            foreach (var input in found)
                yield return input;
        }
    }

    /// <summary>
    /// Reads the inputs that have arrived; an empty list at the end of the body. They are valid until the next call. An error in the body
    /// is thrown only after all inputs before it were returned.
    /// </summary>
    /// <exception cref="InputFormatException">The body is invalid; the message says where.</exception>
    /// <exception cref="RequestTooLargeException">A value exceeds the limit.</exception>
    public async ValueTask<IReadOnlyList<ReadOnlySequence<byte>>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_examined is { } examined)
            body.AdvanceTo(_consumed, examined);
        _examined = null;
        _found.Clear();
        _failure?.Throw();
        while (!_done)
        {
            var result = await body.ReadAtLeastAsync(_wanted, cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            (_consumed, _examined) = (buffer.Start, buffer.End);
            if (_isBegun || TryBegin(ref buffer, result.IsCompleted))
                Parse(buffer, result.IsCompleted);
            if (result.IsCompleted)
                _done = true;

            // An incomplete value is parsed again from its start, but not before its length has doubled: otherwise a value that arrives in
            // many pieces is parsed as many times.
            var left = buffer.Slice(_consumed).Length;
            _wanted = (int)Math.Min(2 * left, maxValueBytes);
            if (_found.Count > 0)
                return _found;
            if (!_done && left > maxValueBytes)
                throw TooLarge();
            body.AdvanceTo(_consumed, buffer.End);
            _examined = null;
        }

        if (!_any)
            throw new InputFormatException("The body is empty: give a JSON object, an array or NDJSON.");
        return [];
    }

    private SequencePosition _consumed;
    private SequencePosition? _examined;

    /// <summary>Skips a byte order mark at the beginning of the body. False if more bytes are needed.</summary>
    private bool TryBegin(ref ReadOnlySequence<byte> buffer, bool isFinal)
    {
        Span<byte> copy = stackalloc byte[ByteOrderMark.MaxLength];
        var start = copy[..(int)Math.Min(buffer.Length, copy.Length)];
        buffer.Slice(0, start.Length).CopyTo(start);
        var mayBeMark = start is [0xEF or 0xFE or 0xFF or 0, ..];
        if (!isFinal && (start.IsEmpty || (mayBeMark && start.Length < ByteOrderMark.MaxLength)))
            return false;
        if (ByteOrderMark.OtherEncoding(start) is { } encoding)
            throw new InputFormatException($"The JSON begins with the byte order mark of {encoding}: write it as UTF-8.");
        if (start.StartsWith(ByteOrderMark.Utf8))
            buffer = buffer.Slice(ByteOrderMark.Utf8.Length);
        _consumed = buffer.Start;
        _isBegun = true;
        return true;
    }

    private void Parse(ReadOnlySequence<byte> buffer, bool isFinal)
    {
        var reader = new Utf8JsonReader(buffer, isFinal, _state);
        try
        {
            while (Step(ref reader, buffer))
            {
                _state = reader.CurrentState;
                _consumed = reader.Position;
            }

            // The rest is an incomplete value or, at the end of the body, white space.
            if (isFinal && _place != Place.TopLevel)
                throw new InputFormatException("The body ends before its JSON does.");
        }
        catch (Exception exception) when (exception is JsonException or InputFormatException or RequestTooLargeException)
        {
            _failure = ExceptionDispatchInfo.Capture(exception is JsonException json ? InputFormatException.At(json) : exception);
            if (_found.Count == 0)
                _failure.Throw();
        }

        _start = _start.After(buffer.Slice(buffer.Start, _consumed));
    }

    /// <summary>Takes one value, or one bracket around the values. False if more bytes are needed.</summary>
    private bool Step(ref Utf8JsonReader reader, ReadOnlySequence<byte> buffer)
    {
        if (!reader.Read())
            return false;
        switch (_place)
        {
            case Place.TopLevel when _isClosed:
                throw new InputFormatException(InputFormatException.At(
                    _start.After(buffer.Slice(0, reader.TokenStartIndex)),
                    "Unexpected content after the JSON value that holds the inputs."));
            case Place.TopLevel when reader.TokenType == JsonTokenType.StartArray && !_any:
                (_place, _any) = (Place.InArray, true);
                return true;
            case Place.TopLevel when reader.TokenType == JsonTokenType.StartObject && !_any:
                return TakeObject(ref reader, buffer);
            case Place.InArray when reader.TokenType == JsonTokenType.EndArray:
                (_place, _isClosed) = (Place.TopLevel, true);
                return true;
            case Place.InWrappedArray when reader.TokenType == JsonTokenType.EndArray:
                _place = Place.InWrapper;
                return true;
            case Place.InWrapper when reader.TokenType == JsonTokenType.EndObject:
                (_place, _isClosed) = (Place.TopLevel, true);
                return true;
            case Place.InWrapper:
                return TakeProperty(ref reader, buffer);
            default:
                return TakeInput(ref reader, buffer);
        }
    }

    private bool TakeInput(ref Utf8JsonReader reader, ReadOnlySequence<byte> buffer)
    {
        if (Value(ref reader, buffer) is not { } value)
            return false;
        if (!IsUtf8(value))
            throw new InputFormatException($"Input {_count + 1} holds bytes that are not UTF-8.");
        _any = true;
        _count++;
        _found.Add(value);
        return true;
    }

    /// <summary>Takes the first object of the body: a wrapping object if it has the array's key, otherwise an input.</summary>
    private bool TakeObject(ref Utf8JsonReader reader, ReadOnlySequence<byte> buffer)
    {
        var ahead = reader;
        while (ahead.Read())
        {
            if (ahead.TokenType == JsonTokenType.EndObject)
                return TakeInput(ref reader, buffer);
            var isArray = ahead.TextEquals(arrayKey);
            if (!ahead.Read())
                return false;
            if (isArray && ahead.TokenType == JsonTokenType.StartArray)
            {
                (_place, _any) = (Place.InWrapper, true);
                return true;
            }

            if (!ahead.TrySkip())
                return false;
        }

        return false;
    }

    private bool TakeProperty(ref Utf8JsonReader reader, ReadOnlySequence<byte> buffer)
    {
        var key = reader.GetTextOrNull() ?? throw new InputFormatException("A key beside the inputs is no valid text.");
        if (!reader.Read())
            return false;
        if (key == arrayKey && reader.TokenType == JsonTokenType.StartArray)
        {
            _place = Place.InWrappedArray;
            return true;
        }

        if (Value(ref reader, buffer) is not { } value)
            return false;
        _options[key] = value.ToArray();
        return true;
    }

    /// <summary>Checks the encoding, since skipping does not look into strings and the input is copied to its record.</summary>
    private static bool IsUtf8(in ReadOnlySequence<byte> value) => Utf8.IsValid(value.IsSingleSegment ? value.FirstSpan : value.ToArray());

    private ReadOnlySequence<byte>? Value(ref Utf8JsonReader reader, ReadOnlySequence<byte> buffer)
    {
        // Offsets count from the start of the buffer.
        var start = reader.TokenStartIndex;
        if (!reader.TrySkip())
            return null;
        return reader.BytesConsumed - start <= maxValueBytes ? buffer.Slice(start, reader.BytesConsumed - start) : throw TooLarge();
    }

    private RequestTooLargeException TooLarge() => new($"An input, or an option, is over {maxValueBytes} bytes of JSON.");
}
