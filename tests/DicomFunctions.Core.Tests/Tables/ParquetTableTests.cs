using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Dictionary;
using Xunit;

namespace DicomFunctions.Core.Tests.Tables;

public sealed class ParquetTableTests : IDisposable
{
    private readonly DuckDb _duckDb = new();

    public void Dispose() => _duckDb.Dispose();

    [Theory]
    [InlineData("DA", "\"18991231\"", "DATE", "1899-12-31")]
    [InlineData("TM", "\"235959.999999\"", "TIME", "23:59:59.999999")]
    [InlineData("DT", "\"20261126101112.5\"", "TIMESTAMP", "2026-11-26 10:11:12.5")]
    [InlineData("DT", "\"15821015000000\"", "TIMESTAMP", "1582-10-15 00:00:00")]
    [InlineData("IS", "-9223372036854775808", "BIGINT", "-9223372036854775808")]
    [InlineData("US", "512", "BIGINT", "512")]
    [InlineData("DS", "-0.50", "DECIMAL(3,2)", "-0.50")]
    [InlineData("DS", "1.5e-3", "DECIMAL(5,4)", "0.0015")]
    [InlineData("DS", "0", "DECIMAL(1,0)", "0")]
    [InlineData("DS", "123456789012.3456", "DECIMAL(16,4)", "123456789012.3456")]
    [InlineData("DS", "-1234567890123456789.123456789", "DECIMAL(28,9)", "-1234567890123456789.123456789")]
    [InlineData("DS", "12345678901234567890.123456789", "VARCHAR", "12345678901234567890.123456789")]
    [InlineData("FD", "0.1", "DOUBLE", "0.1")]
    [InlineData("LO", "\"山田🙂\"", "VARCHAR", "山田🙂")]
    [InlineData("SQ", "{}", "VARCHAR", "[{}]")]
    public async Task A_column_has_the_type_of_its_value_representation(string vr, string value, string type, string read)
    {
        // The row without a value has no say.
        using var table = new RecordTable(RecordTable.Search(
            RecordTable.DataSet("00091001", $$"""{"vr":"{{vr}}","Value":[{{value}}]}"""),
            RecordTable.DataSet("00091001", $$"""{"vr":"{{vr}}"}""")));
        var from = $"FROM '{await table.ParquetAsync()}'";

        Assert.Equal([("00091001", type)], _duckDb.Columns($"SELECT \"00091001\" {from}"));
        Assert.Equal([[read], [null]], _duckDb.Texts($"SELECT \"00091001\" {from}"));
    }

    [Fact]
    public async Task What_records_say_is_typed_and_columns_without_values_are_as_their_value_representation()
    {
        using var table = new RecordTable(
            RecordTable.Search("""{"00080020":{"vr":"DA"},"00280010":{"vr":"US"},"00081030":{"vr":"LO"},"00101030":{"vr":"DS"}}"""));
        var path = await table.ParquetAsync();

        Assert.Equal(
            [
                ("StudyDate", "DATE"), ("Rows", "BIGINT"), ("StudyDescription", "VARCHAR"), ("PatientWeight", "DECIMAL(1,0)"),
                ("input_index", "BIGINT"), ("success", "BOOLEAN"), ("status", "BIGINT"), ("error", "VARCHAR"),
            ],
            _duckDb.Columns($"FROM '{path}'"));
        Assert.Equal([[null, null, null, null, "0", "true", "200", null]], _duckDb.Texts($"FROM '{path}'"));
    }

    [Fact]
    public async Task No_records_are_a_file_without_rows()
    {
        using var table = new RecordTable();

        Assert.Empty(_duckDb.Query($"FROM '{await table.ParquetAsync()}'"));
    }

    [Fact]
    public async Task CSV_parquet_and_NDJSON_agree_value_for_value()
    {
        var random = new Random(7);
        var records = Enumerable.Range(0, 40)
            .Select(_ => RecordTable.Search(RandomDataSets.Some(random, count: random.Next(0, 60)))).ToArray();
        using var table = new RecordTable(records[..25]);
        await table.AddAsync(records[25..]);

        var cells = await table.CellsAsync();
        var header = cells[0];
        // Of the NDJSON, by a reader of the test's own.
        List<string?[]> expected = [];
        for (var index = 0; index < records.Length; index++)
        {
            var rows = JsonNode.Parse(records[index])!["result"]!.AsArray();
            foreach (var row in rows.Count == 0 ? [new JsonObject()] : rows.Select(row => row!.AsObject()))
            {
                expected.Add(
                [
                    .. header[..^4].Select(name => RandomDataSets.Text(row[TagOf(name)])),
                    index.ToString(CultureInfo.InvariantCulture), "true", "200", null,
                ]);
            }
        }

        var path = await table.ParquetAsync();
        var types = _duckDb.Columns($"FROM '{path}'");
        Assert.Equal(header, types.Select(column => column.Name));
        // Some of each type, so that agreement is not of text alone.
        Assert.Superset(
            new HashSet<string> { "BIGINT", "DATE", "TIME", "TIMESTAMP", "DOUBLE", "VARCHAR", "BOOLEAN" },
            types.Select(column => column.Type).ToHashSet());
        Assert.Contains(types, column => column.Type.StartsWith("DECIMAL", StringComparison.Ordinal));
        var parquet = _duckDb.Query($"FROM '{path}'");
        Assert.Equal(expected.Count, parquet.Count);
        Assert.Equal(expected.Count, cells.Count - 1);
        for (var row = 0; row < expected.Count; row++)
        {
            for (var column = 0; column < header.Length; column++)
            {
                var given = RandomDataSets.Normal(expected[row][column], types[column].Type);
                Assert.Equal(given, RandomDataSets.Normal(parquet[row][column]));
                var cell = cells[row + 1][column] is { Length: > 0 } text ? text : null;
                Assert.Equal(given, RandomDataSets.Normal(cell, types[column].Type));
            }
        }
    }

    [Fact]
    public async Task Duck_db_reads_the_CSV_as_it_reads_the_parquet()
    {
        var random = new Random(8);
        using var table = new RecordTable(RecordTable.Search(RandomDataSets.Some(random, 100)));
        var parquet = await table.ParquetAsync();
        var csv = table.FileAt("table.csv");
        await File.WriteAllTextAsync(csv, await table.CsvAsync(isRaw: true), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        var types = string.Join(", ", _duckDb.Columns($"FROM '{parquet}'").Select(column => $"'{column.Name}': '{column.Type}'"));
        Assert.Equal(
            _duckDb.Texts($"FROM '{parquet}'"),
            _duckDb.Texts(
                $"FROM read_csv('{csv}', header = true, delim = ',', quote = '\"', escape = '\"', strict_mode = true, columns = "
                + $"{{{types}}})"));
    }

    [Fact]
    public async Task A_search_of_200000_rows_is_read_by_duck_db_in_row_groups_of_bounded_size()
    {
        const int Count = 200_000;
        using var table = new RecordTable();
        await table.AddAsync(RecordTable.Search(Enumerable.Range(0, Count).Select(DataSet)));
        var path = await table.ParquetAsync();

        IEnumerable<string?> row = Assert.Single(_duckDb.Texts(
            $"""
            SELECT count(*), count(DISTINCT SOPInstanceUID), count(DISTINCT StudyInstanceUID), count(DISTINCT PatientName),
                   count(*) FILTER (Modality = 'MR'), sum("Rows")::BIGINT, min(StudyDate), max(StudyDate), bool_and(success)
            FROM '{path}'
            """));
        Assert.Equal(
            [
                "200000", "200000", "2000", "1000", "66667",
                Enumerable.Range(0, Count).Sum(i => (long)i % 512).ToString(CultureInfo.InvariantCulture), "2026-01-01", "2026-12-28",
                "true",
            ],
            row);
        Assert.Equal(
            [["Müller^999", "1.1.1999", "2026-08-24"]],
            _duckDb.Texts($"SELECT PatientName, StudyInstanceUID, StudyDate FROM '{path}' WHERE SOPInstanceUID = '1.3.199999'"));
        Assert.Equal(
            [["0", "65536"], ["1", "65536"], ["2", "65536"], ["3", "3392"]],
            _duckDb.Texts($"SELECT DISTINCT row_group_id, row_group_num_rows FROM parquet_metadata('{path}') ORDER BY 1"));

        static string DataSet(int i) => string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"00080020":{"vr":"DA","Value":["2026{{1 + (i % 12):00}}{{1 + (i % 28):00}}"]},
             "00080060":{"vr":"CS","Value":["{{(i % 3 == 0 ? "MR" : "CT")}}"]},
             "00100010":{"vr":"PN","Value":[{"Alphabetic":"Müller^{{i % 1000}}"}]},
             "0020000D":{"vr":"UI","Value":["1.1.{{i / 100}}"]},
             "00080018":{"vr":"UI","Value":["1.3.{{i}}"]},
             "00280010":{"vr":"US","Value":[{{i % 512}}]} }
            """).ReplaceLineEndings(" ");
    }

    [Fact]
    public async Task Long_texts_end_a_row_group_and_are_not_kept_as_its_statistics()
    {
        var text = new string('x', 1 << 20);
        using var table = new RecordTable(RecordTable.Search(Enumerable.Range(0, 20).Select(i =>
            RecordTable.DataSet("00091001", $$"""{"vr":"UT","Value":["{{i}}{{text}}"]}"""))));
        var path = await table.ParquetAsync();

        Assert.Equal(
            [["8", null, null], ["8", null, null], ["4", null, null]],
            _duckDb.Texts(
                $"""
                SELECT row_group_num_rows, stats_min_value, stats_max_value
                FROM parquet_metadata('{path}') WHERE path_in_schema = '00091001' ORDER BY row_group_id
                """));
        Assert.Equal([["20971550"]], _duckDb.Texts($"SELECT sum(length(\"00091001\")) FROM '{path}'"));
    }

    [Fact]
    public async Task Texts_outside_the_basic_plane_are_found_by_a_filter()
    {
        // UTF-16 sorts U+FF21 after U+1F642, UTF-8 before: a reader must not skip the row group.
        using var table = new RecordTable(RecordTable.Search(
            RecordTable.DataSet("00081030", """{"vr":"LO","Value":["🙂"]}"""),
            RecordTable.DataSet("00081030", """{"vr":"LO","Value":["Ａ"]}""")));
        var path = await table.ParquetAsync();

        Assert.Equal([["🙂"]], _duckDb.Texts($"SELECT StudyDescription FROM '{path}' WHERE StudyDescription = '🙂'"));
        Assert.Equal([["🙂"]], _duckDb.Texts($"SELECT max(StudyDescription) FROM '{path}'"));
    }

    private static string TagOf(string name) =>
        (DicomDictionary.Find(name)?.Tag ?? Convert.ToUInt32(name, 16)).ToString("X8", CultureInfo.InvariantCulture);
}
