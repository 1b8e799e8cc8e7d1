using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>
/// The sequences of a Store Instances Response (PS3.18 §I.2): what was stored, and what was not and why. Reads DICOM JSON, and also XML,
/// which some servers return whatever was requested.
/// </summary>
internal sealed class StowResponse
{
    private const string ReferencedSopSequence = "00081199";
    private const string FailedSopSequence = "00081198";
    private const string OtherFailuresSequence = "0008119A";
    private const string RetrieveUrl = "00081190";
    private const int MaxDepth = 512;

    private readonly List<StowResponseItem> _stored = [];
    private readonly List<StowResponseItem> _failed = [];
    private bool _isResponse;

    public IReadOnlyList<StowResponseItem> Stored => _stored;

    /// <summary>The failed instances, including those of (0008,119A), which name no instance.</summary>
    public IReadOnlyList<StowResponseItem> Failed => _failed;

    /// <summary>Parses a body without a byte order mark. Null if it is not such a response.</summary>
    public static StowResponse? TryParse(ReadOnlyMemory<byte> body)
    {
        var response = new StowResponse();
        var isXml = body.Span.TrimStart(" \t\r\n"u8) is [(byte)'<', ..];
        return (isXml ? StowXml.TryRead(body, response.Begin) : response.TryReadJson(body.Span)) && response._isResponse ? response : null;
    }

    /// <summary>Whether the body is valid JSON so far but incomplete.</summary>
    public static bool BreaksOff(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(
            body, isFinalBlock: false, state: new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxDepth }));
        try
        {
            while (reader.Read())
            {
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return reader.CurrentDepth > 0 || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
    }

    private delegate void ReadValue(ref Utf8JsonReader reader);

    /// <summary>Starts an attribute of the response. Returns the list for its items if it is one of the sequences.</summary>
    private List<StowResponseItem>? Begin(string? tag)
    {
        var items = tag switch
        {
            ReferencedSopSequence => _stored,
            FailedSopSequence or OtherFailuresSequence => _failed,
            _ => null,
        };
        _isResponse |= items is not null || tag == RetrieveUrl;
        return items;
    }

    private bool TryReadJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            // One data set, or an array of them, all of which count.
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                    ReadMember(ref reader);
                else if (!IsBracket(reader.TokenType))
                    return false;
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsBracket(JsonTokenType token) =>
        token is JsonTokenType.StartArray or JsonTokenType.EndArray or JsonTokenType.StartObject or JsonTokenType.EndObject;

    private void ReadMember(ref Utf8JsonReader reader)
    {
        var into = Begin(reader.GetTextOrNull());
        reader.Read();
        if (into is null)
            reader.Skip();
        else
            ReadAttribute(ref reader, (ref Utf8JsonReader item) => into.Add(ReadItem(ref item)));
    }

    /// <summary>Reads <c>{"vr":…,"Value":[…]}</c> and calls back for each value.</summary>
    private static void ReadAttribute(ref Utf8JsonReader reader, ReadValue onValue)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.TextEquals("Value");
            reader.Read();
            if (!isValue || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                onValue(ref reader);
        }
    }

    private static StowResponseItem ReadItem(ref Utf8JsonReader reader)
    {
        var item = new StowResponseItem();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return item;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var tag = reader.GetTextOrNull();
            reader.Read();
            ReadAttribute(ref reader, (ref Utf8JsonReader value) =>
            {
                if (value.TokenType is JsonTokenType.String)
                    item.Set(tag, value.GetTextOrNull());
                else if (value.TokenType is JsonTokenType.Number)
                    item.Set(tag, Encoding.ASCII.GetString(value.ValueSpan));
                else
                    value.Skip();
            });
        }

        return item;
    }
}
