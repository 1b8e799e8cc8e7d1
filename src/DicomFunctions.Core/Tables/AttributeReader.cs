using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Json;
using DicomFunctions.Dictionary;

namespace DicomFunctions.Core.Tables;

/// <summary>Reads an attribute of the DICOM JSON model (PS3.18 §F.2.2) as a cell.</summary>
internal static class AttributeReader
{
    private const char Separator = '\\';

    /// <param name="reader">The reader at the attribute's value; afterwards at its end.</param>
    /// <param name="dataSet">All that the reader reads.</param>
    /// <param name="vr">The value representation: as given on return, if the attribute states one.</param>
    public static Cell Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> dataSet, ref Vr vr)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return Cell.OfJson(ref reader, dataSet);
        ReadOnlySpan<byte> value = default;
        string? reference = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.NameEquals("vr"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && reader.ValueSpan is [var first, var second])
                    vr = (Vr)((first << 8) | second);
            }
            else if (reader.NameEquals("Value"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                value = dataSet[start..(int)reader.BytesConsumed];
            }
            else if (reader.NameEquals("BulkDataURI"u8) || reader.NameEquals("InlineBinary"u8))
            {
                reader.Read();
                reference = Cell.OfJson(ref reader, dataSet).Text;
            }
            else
            {
                reader.Skip();
            }
        }

        return value.IsEmpty ? Cell.OfText(reference) : OfValue(value, vr);
    }

    private static Cell OfValue(ReadOnlySpan<byte> json, Vr vr)
    {
        var reader = new Utf8JsonReader(json, Cell.ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            return Cell.OfJson(ref reader, json);
        string? first = null;
        StringBuilder? all = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // A sequence, or something that is not in the DICOM JSON model.
            if (reader.TokenType == JsonTokenType.StartArray || (reader.TokenType == JsonTokenType.StartObject && vr != Vr.PN))
                return new Cell(Encoding.UTF8.GetString(json), CellType.Text);
            var text = reader.TokenType switch
            {
                JsonTokenType.StartObject => NameOf(ref reader),
                JsonTokenType.Null => "",
                _ => Cell.TextOf(reader),
            };
            if (first is null)
                first = text;
            else
                (all ??= new StringBuilder(first)).Append(Separator).Append(text);
        }

        if (all is not null)
            return new Cell(all.ToString(), CellType.Text);
        var type = CellTypes.Of(vr);
        return string.IsNullOrEmpty(first) ? default : new Cell(first, CellTypes.Fits(type, first) ? type : CellType.Text);
    }

    /// <summary>
    /// A person's name as PS3.5 §6.2.1 writes it: its groups, alphabetic, ideographic and phonetic, joined with <c>=</c>.
    /// </summary>
    private static string NameOf(ref Utf8JsonReader reader)
    {
        var (alphabetic, ideographic, phonetic, other) = ("", "", "", "");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ref var group = ref alphabetic;
            if (reader.NameEquals("Ideographic"u8))
                group = ref ideographic;
            else if (reader.NameEquals("Phonetic"u8))
                group = ref phonetic;
            else if (!reader.NameEquals("Alphabetic"u8))
                group = ref other;
            reader.Read();
            group = reader.TokenType == JsonTokenType.String ? Cell.TextOf(reader) : "";
            reader.Skip();
        }

        return $"{alphabetic}={ideographic}={phonetic}".TrimEnd('=');
    }
}
