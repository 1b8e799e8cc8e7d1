using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using DicomFunctions.Core.Json;
using DicomFunctions.Core.Storage;
using DicomFunctions.Dictionary;

namespace DicomFunctions.Core.Tables;

/// <summary>The columns of a table: all that its rows have, or those chosen.</summary>
internal sealed class TableColumns
{
    /// <summary>The most columns, since memory grows with them.</summary>
    public const int MaxColumns = 5_000;

    private const int MaxKeyLength = 64;

    private readonly Dictionary<uint, TableColumn> _byTag = [];
    private readonly Dictionary<string, TableColumn> _byKey = new(StringComparer.Ordinal);
    private readonly List<TableColumn> _appeared = [];
    private readonly HashSet<string> _names = new(RecordFields.Names, StringComparer.OrdinalIgnoreCase);
    private readonly TableColumn?[] _byField = [.. RecordFields.All.Select(RecordFields.ColumnOf)];
    private bool _isComplete;
    private bool _isChosen;

    /// <summary>The columns, in order.</summary>
    public IReadOnlyList<TableColumn> List { get; private set; } = [];

    /// <summary>The columns of these names, in this order, whether or not a row has a value in them.</summary>
    /// <param name="names">Keywords, tags as GGGGEEEE, or what records say.</param>
    /// <exception cref="TableException">A name is none of these, or is repeated.</exception>
    public static TableColumns Choose(IReadOnlyList<string> names)
    {
        if (names.Count > MaxColumns)
            throw new TableException($"Choose at most {MaxColumns} columns.");
        var columns = new TableColumns();
        List<TableColumn> chosen = [.. names.Select(columns.Named)];
        if (chosen.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1) is { } repeated)
            throw new TableException($"Column '{repeated.Key.Name}' is given more than once.");
        columns._isChosen = true;
        columns.Complete(chosen);
        return columns;
    }

    /// <summary>What to throw if a row is not one that the columns were learnt from.</summary>
    public static ObjectDamagedException Changed() => new("The results changed while they were read.");

    /// <summary>Learns the columns of a data set.</summary>
    public void Learn(ReadOnlySpan<byte> dataSet) =>
        Read(dataSet, static column => !column.IsLearnt, static (column, cell, vr) => column.Learn(cell, vr));

    /// <summary>Learns the columns of a record's outcome.</summary>
    public void Learn(RecordOutcome outcome)
    {
        foreach (var field in RecordFields.All)
        {
            if (outcome[field].Text is not null)
                ColumnOf(field)?.Learn(outcome[field]);
        }
    }

    /// <summary>
    /// Puts the columns in order: UIDs, the other attributes as they appeared, what records say. No other is learnt later.
    /// </summary>
    public void Complete()
    {
        if (_isChosen)
            return;
        List<TableColumn> uids = [.. RecordFields.Uids.Where(_byTag.ContainsKey).Select(tag => _byTag[tag])];
        Complete(
        [
            .. uids,
            .. _appeared.Except(uids),
            .. RecordFields.All
                .Where(field => RecordFields.IsAlways(field) || _byField[(int)field] is { HasValues: true })
                .Select(field => _byField[(int)field]!),
        ]);
    }

    /// <summary>Reads a data set into the cells of its row.</summary>
    /// <exception cref="ObjectDamagedException">The columns were not learnt from it.</exception>
    public void Read(ReadOnlySpan<byte> dataSet, Cell[] cells) =>
        Read(dataSet, static _ => true, (column, cell, _) => cells[column.Position] = column.Check(cell));

    /// <summary>Reads a record's outcome into the cells of a row.</summary>
    /// <exception cref="ObjectDamagedException">The columns were not learnt from it.</exception>
    public void Read(RecordOutcome outcome, Cell[] cells)
    {
        foreach (var field in RecordFields.All)
        {
            if (outcome[field].Text is not null && ColumnOf(field) is { Position: >= 0 } column)
                cells[column.Position] = column.Check(outcome[field]);
        }
    }

    private void Complete(List<TableColumn> columns)
    {
        List = columns;
        _isComplete = true;
        for (var position = 0; position < columns.Count; position++)
            columns[position].Position = position;
    }

    private void Read(ReadOnlySpan<byte> dataSet, Func<TableColumn, bool> isWanted, Action<TableColumn, Cell, Vr> take)
    {
        var reader = new Utf8JsonReader(dataSet, Cell.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var column = ColumnOf(reader);
            reader.Read();
            if (column is null || !isWanted(column))
            {
                reader.Skip();
                continue;
            }

            var vr = column.Vr;
            var cell = AttributeReader.Read(ref reader, dataSet, ref vr);
            take(column, cell, vr);
        }
    }

    private TableColumn Named(string name)
    {
        var field = Array.FindIndex(_byField, column => column?.Name == name);
        if (field >= 0)
            return _byField[field]!;
        if ((DicomDictionary.Find(name)?.Tag ?? TagOf(Encoding.UTF8.GetBytes(name))) is { } tag)
            return ColumnOf(tag)!;
        throw new TableException(
            $"There is no column '{name}'. A column is a DICOM keyword such as PatientID, a tag such as 00100020, or one of "
            + $"{string.Join(", ", _byField.Where(column => column is not null).Select(column => column!.Name))}.");
    }

    private TableColumn? ColumnOf(RecordField field) => _byField[(int)field] ?? ColumnOf(RecordFields.Uids[(int)field]);

    private TableColumn? ColumnOf(in Utf8JsonReader key)
    {
        if (!key.ValueIsEscaped && TagOf(key.ValueSpan) is { } tag)
            return ColumnOf(tag);
        var text = key.GetTextOrNull() ?? Encoding.UTF8.GetString(key.ValueSpan);
        if (TagOf(Encoding.UTF8.GetBytes(text)) is { } escaped)
            return ColumnOf(escaped);
        if (!_byKey.TryGetValue(text, out var column) && MayAppear())
            _byKey[text] = column = Appear(NameOf(text), Vr.None);
        return column;
    }

    private TableColumn? ColumnOf(uint tag)
    {
        if (!_byTag.TryGetValue(tag, out var column) && MayAppear())
            _byTag[tag] = column = Appear(NameOf(tag), DicomDictionary.VrOf(tag));
        return column;
    }

    private bool MayAppear()
    {
        if (_isChosen)
            return false;
        if (_isComplete)
            throw Changed();
        return _appeared.Count < MaxColumns
            ? true
            : throw new TableException($"The results have more than {MaxColumns} columns: choose some of them.");
    }

    private TableColumn Appear(string name, Vr vr)
    {
        // Names are unique whatever their case, since SQL takes no account of it.
        var unique = name;
        for (var number = 2; !_names.Add(unique); number++)
            unique = $"{name}_{number}";
        var column = new TableColumn(unique, vr, CellTypes.Of(vr));
        _appeared.Add(column);
        return column;
    }

    private static uint? TagOf(ReadOnlySpan<byte> key) =>
        key.Length == 8 && Utf8Parser.TryParse(key, out uint tag, out var read, 'X') && read == 8 ? tag : null;

    /// <summary>The keyword; the tag of an attribute without one, or that shares it with others of its repeating group.</summary>
    private static string NameOf(uint tag) =>
        DicomDictionary.Find(tag) is { Keyword: { Length: > 0 } keyword } && DicomDictionary.Find(keyword)?.Tag == tag
            ? keyword
            : tag.ToString("X8", CultureInfo.InvariantCulture);

    /// <summary>The name of a key that is no tag, as only a faulty server sends: letters, digits and <c>_</c>.</summary>
    private static string NameOf(string key) => key.Length == 0
        ? "_"
        : string.Concat(key.Take(MaxKeyLength).Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
