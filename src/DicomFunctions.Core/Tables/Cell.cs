using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Tables;

/// <summary>A value of a table.</summary>
/// <param name="Text">The value as in the record; null if there is none.</param>
/// <param name="Type">The type that the value has by its value representation, if it fits.</param>
internal readonly record struct Cell(string? Text, CellType Type)
{
    /// <summary>How to read a data set that the row scanner has accepted.</summary>
    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = DicomJsonRowScanner.MaxDepth + 16 };

    /// <summary>A cell of text; an empty text is no value.</summary>
    public static Cell OfText(string? text) => string.IsNullOrEmpty(text) ? default : new Cell(text, CellType.Text);

    /// <summary>The cell of any JSON value: objects and arrays become JSON text.</summary>
    /// <param name="reader">The reader at the value; afterwards at its end.</param>
    /// <param name="json">All that the reader reads.</param>
    public static Cell OfJson(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return default;
            case JsonTokenType.String:
                return OfText(TextOf(reader));
            case JsonTokenType.True or JsonTokenType.False:
                return new Cell(TextOf(reader), CellType.Boolean);
            case JsonTokenType.Number:
                var number = TextOf(reader);
                return new Cell(number, CellTypes.Fits(CellType.Integer, number) ? CellType.Integer : CellType.Text);
            default:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                return new Cell(Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]), CellType.Text);
        }
    }

    /// <summary>
    /// The text of a string, a number or a literal. A string that is not valid text, such as half a surrogate pair, keeps its escapes.
    /// </summary>
    public static string TextOf(in Utf8JsonReader reader) =>
        (reader.TokenType == JsonTokenType.String ? reader.GetTextOrNull() : null) ?? Encoding.UTF8.GetString(reader.ValueSpan);
}
