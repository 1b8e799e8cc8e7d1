using System.Globalization;
using System.Text.Json;
using DicomFunctions.Core.Json;

namespace DicomFunctions.Core.Tables;

/// <summary>What a record says besides its input and its data sets.</summary>
internal sealed class RecordOutcome
{
    private readonly Cell[] _cells = new Cell[Enum.GetValues<RecordField>().Length];
    private long _files;
    private long _bytes;

    /// <summary>Null if the record does not say.</summary>
    public bool? IsSuccess => this[RecordField.Success].Text switch { "true" => true, "false" => false, _ => null };

    public Cell this[RecordField field] => _cells[(int)field];

    /// <summary>The outcome, with the index of its input.</summary>
    public RecordOutcome At(long index)
    {
        _cells[(int)RecordField.InputIndex] = new Cell(index.ToString(CultureInfo.InvariantCulture), CellType.Integer);
        return this;
    }

    /// <summary>Whether the value at a key has a column. The reader is at the key.</summary>
    public static bool IsKept(in Utf8JsonReader key) => FieldOf(key) is not null || key.NameEquals("instance"u8);

    /// <summary>Takes the value of a key that is kept.</summary>
    /// <param name="key">A reader at the key.</param>
    /// <param name="json">The value.</param>
    public void Take(in Utf8JsonReader key, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Cell.ReaderOptions);
        reader.Read();
        if (FieldOf(key) is { } field)
        {
            _cells[(int)field] = Cell.OfJson(ref reader, json);
            return;
        }

        while (reader.TokenType != JsonTokenType.EndObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var part = UidOf(reader);
            reader.Read();
            var cell = Cell.OfJson(ref reader, json);
            if (part is { } uid)
                _cells[(int)uid] = cell;
        }
    }

    /// <summary>Counts a retrieved file. A UID that all of them have in common is that of the row.</summary>
    public void TakeFile(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader;
            reader.Read();
            if (UidOf(key) is { } field)
                _cells[(int)field] = Cell.OfJson(ref reader, json) is var uid && (_files == 0 || uid == this[field]) ? uid : default;
            else if (key.NameEquals("bytes"u8))
                _bytes += reader.GetInt64();
        }

        _files++;
        _cells[(int)RecordField.Files] = new Cell(_files.ToString(CultureInfo.InvariantCulture), CellType.Integer);
        _cells[(int)RecordField.Bytes] = new Cell(_bytes.ToString(CultureInfo.InvariantCulture), CellType.Integer);
    }

    private static RecordField? FieldOf(in Utf8JsonReader key) =>
        key.NameEquals("success"u8) ? RecordField.Success
        : key.NameEquals("status"u8) ? RecordField.Status
        : key.NameEquals("error"u8) ? RecordField.Error
        : key.NameEquals("source"u8) ? RecordField.Source
        : key.NameEquals("already_stored"u8) ? RecordField.AlreadyStored
        : key.NameEquals("retrieve_url"u8) ? RecordField.RetrieveUrl
        : key.NameEquals("message_id"u8) ? RecordField.MessageId
        : key.NameEquals("publish_time"u8) ? RecordField.PublishTime
        : null;

    private static RecordField? UidOf(in Utf8JsonReader key) =>
        key.NameEquals("study_instance_uid"u8) ? RecordField.StudyInstanceUid
        : key.NameEquals("series_instance_uid"u8) ? RecordField.SeriesInstanceUid
        : key.NameEquals("sop_instance_uid"u8) ? RecordField.SopInstanceUid
        : null;
}
