using System.Text.Json;
using DicomFunctions.Core.Records;

namespace DicomFunctions.Core.DicomWeb.Stow;

/// <summary>
/// The two sequences of a Store Instances Response (PS3.18 §I.2), read from DICOM JSON: what was stored, and what was not and why.
/// </summary>
internal sealed class StowResponse
{
    private const string ReferencedSopSequence = "00081199";
    private const string FailedSopSequence = "00081198";
    private const string OtherFailuresSequence = "0008119A";

    private StowResponse(List<StowResponseItem> stored, List<StowResponseItem> failed) => (Stored, Failed) = (stored, failed);

    public IReadOnlyList<StowResponseItem> Stored { get; }

    public IReadOnlyList<StowResponseItem> Failed { get; }

    /// <summary>Null when the body is no such response.</summary>
    public static StowResponse? TryParse(ReadOnlySpan<byte> body)
    {
        List<StowResponseItem> stored = [], failed = [];
        var reader = new Utf8JsonReader(body);
        try
        {
            if (!reader.Read())
                return null;
            if (reader.TokenType == JsonTokenType.StartArray && !reader.Read())
                return null;
            if (reader.TokenType != JsonTokenType.StartObject)
                return null;
            var isResponse = false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var into = reader.TextEquals(ReferencedSopSequence) ? stored
                    : reader.TextEquals(FailedSopSequence) || reader.TextEquals(OtherFailuresSequence) ? failed
                    : null;
                isResponse |= into is not null || reader.TextEquals("00081190");
                reader.Read();
                if (into is null)
                    reader.Skip();
                else
                    ReadAttribute(ref reader, (ref Utf8JsonReader item) => into.Add(ReadItem(ref item)));
            }

            return isResponse ? new StowResponse(stored, failed) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the body is JSON up to where it ends, and does not end there.</summary>
    public static bool BreaksOff(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, isFinalBlock: false, state: default);
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

    /// <summary>Reads <c>{"vr":…,"Value":[…]}</c>, calling back at each value.</summary>
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
            return item;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var tag = reader.GetTextOrNull();
            reader.Read();
            ReadAttribute(ref reader, (ref Utf8JsonReader value) =>
            {
                switch (tag)
                {
                    case "00081155" when value.TokenType == JsonTokenType.String:
                        item.SopInstanceUid ??= value.GetTextOrNull();
                        break;
                    case "00081190" when value.TokenType == JsonTokenType.String:
                        item.RetrieveUrl ??= value.GetTextOrNull();
                        break;
                    case "00081196":
                        item.WarningReason ??= Number(ref value);
                        break;
                    case "00081197":
                        item.FailureReason ??= Number(ref value);
                        break;
                    case "00091097" when value.TokenType == JsonTokenType.String:
                        // Google's private FailureDetail.
                        item.FailureDetail ??= value.GetTextOrNull();
                        break;
                    default:
                        value.Skip();
                        break;
                }
            });
        }

        return item;
    }

    private static int? Number(ref Utf8JsonReader value) => value.TokenType switch
    {
        JsonTokenType.Number when value.TryGetInt32(out var number) => number,
        JsonTokenType.String when int.TryParse(value.GetTextOrNull(), out var number) => number,
        _ => null,
    };
}
