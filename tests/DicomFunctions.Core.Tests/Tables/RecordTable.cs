using System.Text;
using CsvHelper;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Results;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Storage.Directories;
using DicomFunctions.Core.Tables;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Tables;

/// <summary>Records in results files, as a table.</summary>
internal sealed class RecordTable : IDisposable
{
    private const string Id = "20261122-081653-k3f9x2";

    private static readonly JobFiles Files = new(Id);

    private readonly TempFolder _folder = new();
    private readonly DirectoryObjectStore _store;
    private int _parts;

    public RecordTable(params IEnumerable<string> records)
    {
        _store = new DirectoryObjectStore(_folder.Combine("store"), new DirectoryObjectStoreOptions());
        AddAsync(records).GetAwaiter().GetResult();
    }

    /// <summary>The record of a successful search.</summary>
    public static string Search(params IEnumerable<string> dataSets) =>
        $$"""{"input":{"params":{"PatientName":"x"} """
        + $$"""},"result":[{{string.Join(',', dataSets)}}],"success":true,"status":200,"attempts":1}""";

    /// <summary>A data set of one attribute.</summary>
    public static string DataSet(string tag, string attribute) => "{\"" + tag + "\":" + attribute + "}";

    /// <summary>The path of a file in a folder that goes with the table.</summary>
    public string FileAt(string name) => _folder.Combine(name);

    /// <summary>Adds a results file.</summary>
    public async Task AddAsync(params IEnumerable<string> records)
    {
        var path = _folder.Combine($"{_parts}.ndjson");
        await File.WriteAllLinesAsync(path, records);
        await PutAsync(_parts++, path);
    }

    /// <summary>Replaces a results file by other bytes.</summary>
    public Task ReplaceAsync(int number, string content) => ReplaceAsync(number, Encoding.UTF8.GetBytes(content));

    /// <inheritdoc cref="ReplaceAsync(int, string)"/>
    public async Task ReplaceAsync(int number, byte[] content)
    {
        var path = _folder.Combine("replacement");
        await File.WriteAllBytesAsync(path, content);
        await PutAsync(number, path);
    }

    public Task<JobTable> OpenAsync(
        bool? success = null, string[]? columns = null, JobSummary? summary = null, long from = 0, long? count = null)
    {
        var filter = new RecordFilter { Success = success, From = from, Count = count };
        return JobTable.OpenAsync(
            new TableRows(new JobParts(_store, Files, _parts, []), summary, filter),
            columns is null ? new TableColumns() : TableColumns.Choose(columns),
            CancellationToken.None);
    }

    /// <summary>The table as CSV, without the byte order mark.</summary>
    public async Task<string> CsvAsync(
        bool isRaw = false,
        bool? success = null,
        string[]? columns = null,
        JobSummary? summary = null,
        long from = 0,
        long? count = null)
    {
        using var target = new AsyncOnlyStream();
        await (await OpenAsync(success, columns, summary, from, count)).CopyToAsync(TableFormat.Csv, isRaw, target, CancellationToken.None);
        var bytes = target.ToArray();
        Assert.Equal(Encoding.UTF8.Preamble, bytes.AsSpan(0, 3));
        return Encoding.UTF8.GetString(bytes.AsSpan(3));
    }

    /// <summary>The cells of the CSV, the header first; empty cells are "".</summary>
    public async Task<List<string[]>> CellsAsync(
        bool isRaw = true,
        bool? success = null,
        string[]? columns = null,
        JobSummary? summary = null,
        long from = 0,
        long? count = null) =>
        Cells(await CsvAsync(isRaw, success, columns, summary, from, count));

    /// <summary>The cells of a column.</summary>
    public async Task<List<string>> ColumnAsync(string name, bool isRaw = true)
    {
        var cells = await CellsAsync(isRaw);
        var index = Array.IndexOf(cells[0], name);
        Assert.True(index >= 0, $"{name} is not among {string.Join(',', cells[0])}.");
        return [.. cells.Skip(1).Select(row => row[index])];
    }

    /// <summary>Writes the table as Parquet and gives the file's path, one of its own by default.</summary>
    public async Task<string> ParquetAsync(string? target = null)
    {
        var path = target ?? _folder.Combine("table.parquet");
        await using var file = File.Create(path);
        await using var body = new AsyncOnlyStream(file);
        await (await OpenAsync()).CopyToAsync(TableFormat.Parquet, isRaw: false, body, CancellationToken.None);
        return path;
    }

    public static List<string[]> Cells(string csv)
    {
        using var reader = CsvReader.Create(new StringReader(csv), CsvReaderOptions.Default with { HasHeader = false });
        List<string[]> rows = [];
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(field => reader.GetString(field))]);
        return rows;
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private async Task PutAsync(int number, string path)
    {
        await using var file = File.OpenRead(path);
        await _store.PutAsync(Files.Part(number), file, PutCondition.Always, CancellationToken.None);
    }
}
