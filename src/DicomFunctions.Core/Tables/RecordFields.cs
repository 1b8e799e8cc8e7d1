using DicomFunctions.Dictionary;

namespace DicomFunctions.Core.Tables;

/// <summary>The columns of what records say.</summary>
internal static class RecordFields
{
    public static IReadOnlyList<RecordField> All { get; } = Enum.GetValues<RecordField>();

    /// <summary>The tags of the UIDs of a study, a series and an instance: those of the fields that are attributes.</summary>
    public static IReadOnlyList<uint> Uids { get; } = [0x0020000D, 0x0020000E, 0x00080018];

    public static IEnumerable<string> Names => All.Select(NameOf).OfType<string>();

    /// <summary>Whether every table has the column; others have it if a record has a value.</summary>
    public static bool IsAlways(RecordField field) => field >= RecordField.InputIndex;

    /// <summary>The column of a field; null if it is that of an attribute.</summary>
    public static TableColumn? ColumnOf(RecordField field) =>
        NameOf(field) is { } name ? new TableColumn(name, Vr.None, TypeOf(field)) : null;

    private static string? NameOf(RecordField field) => field switch
    {
        RecordField.Source => "source",
        RecordField.AlreadyStored => "already_stored",
        RecordField.RetrieveUrl => "retrieve_url",
        RecordField.Files => "files",
        RecordField.Bytes => "bytes",
        RecordField.MessageId => "message_id",
        RecordField.PublishTime => "publish_time",
        RecordField.InputIndex => "input_index",
        RecordField.Success => "success",
        RecordField.Status => "status",
        RecordField.Error => "error",
        _ => null,
    };

    private static CellType TypeOf(RecordField field) => field switch
    {
        RecordField.AlreadyStored or RecordField.Success => CellType.Boolean,
        RecordField.Files or RecordField.Bytes or RecordField.InputIndex or RecordField.Status => CellType.Integer,
        _ => CellType.Text,
    };
}
