using System.Buffers;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Local.Output;

/// <summary>
/// Finds the failures in records that are written to it, NDJSON in pieces of any size. Holds no more than one JSON token, so that a record
/// with a million rows costs no memory.
/// </summary>
/// <param name="found">Is given each failed input.</param>
/// <param name="first">The number of the first record, as a person counts.</param>
internal sealed class FailureReader(Action<FailedInput> found, long first = 1) : WriteOnlyStream
{
    private const int MostText = 400;

    private JsonReaderState _state = new(new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 1_024 });
    private readonly ArrayBufferWriter<byte> _rest = new();
    private long _number = first;
    private string _key = "";
    private string _inner = "";
    private bool _isFailed;
    private string? _source;
    private string? _status;
    private string? _code;
    private string? _reason;
    private string? _message;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_rest.WrittenCount == 0)
        {
            _rest.Write(buffer[Read(buffer)..]);
            return;
        }

        // A token that the pieces share.
        var joined = ArrayPool<byte>.Shared.Rent(_rest.WrittenCount + buffer.Length);
        var data = joined.AsSpan(0, _rest.WrittenCount + buffer.Length);
        _rest.WrittenSpan.CopyTo(data);
        buffer.CopyTo(data[_rest.WrittenCount..]);
        _rest.ResetWrittenCount();
        _rest.Write(data[Read(data)..]);
        ArrayPool<byte>.Shared.Return(joined);
    }

    /// <summary>Reads whole tokens, and returns how many bytes they have.</summary>
    private int Read(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data, isFinalBlock: false, _state);
        while (reader.Read())
            Take(ref reader);
        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.EndObject when reader.CurrentDepth == 0:
                EndRecord();
                break;
            case JsonTokenType.PropertyName when reader.CurrentDepth == 1:
                (_key, _inner) = (reader.GetTextOrNull() ?? "", "");
                break;
            case JsonTokenType.PropertyName when reader.CurrentDepth == 2 && _key == "error":
                _inner = reader.GetTextOrNull() ?? "";
                break;
            case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.False when reader.CurrentDepth <= 2:
                TakeValue(ref reader);
                break;
        }
    }

    private void TakeValue(ref Utf8JsonReader reader)
    {
        switch (_key, _inner, reader.CurrentDepth)
        {
            case ("success", _, 1):
                _isFailed = reader.TokenType == JsonTokenType.False;
                break;
            case ("source", _, 1):
                _source = Text(ref reader);
                break;
            case ("input", _, 1):
                _source ??= Text(ref reader);
                break;
            case ("status", _, 1):
                _status = Text(ref reader);
                break;
            case ("error", "code", 2):
                _code = Text(ref reader);
                break;
            case ("error", "reason", 2):
                _reason = Text(ref reader);
                break;
            case ("error", "message", 2):
                _message = Text(ref reader);
                break;
        }
    }

    private void EndRecord()
    {
        if (_isFailed)
        {
            var text = _message ?? _reason ?? (_status is null ? "no reason given" : $"status {_status}");
            found(new FailedInput(_source is null ? $"record {_number}" : SourceText.Of(_source), _code ?? CodeOf(_status), text));
        }

        _number++;
        (_isFailed, _source, _status, _code, _reason, _message) = (false, null, null, null, null, null);
    }

    /// <summary>A status that is a text says what happened to one input; as a code it would be one of very many.</summary>
    private static string CodeOf(string? status) => status is { Length: <= 3 } ? status : "error";

    private static string? Text(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetTextOrNull() : Encoding.UTF8.GetString(reader.ValueSpan);
        return text?.Length > MostText ? text[..MostText] + "…" : text;
    }
}
