using System.Text;
using DicomFunctions.Core.Jobs;
using DicomFunctions.Core.Jobs.Batches;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tables;
using Xunit;

namespace DicomFunctions.Core.Tests.Tables;

public sealed class CsvTableTests
{
    private const string Failed = """{"input":5,"result":[],"success":false,"status":"Expected an object.","error":{"message":"no"}}""";

    [Fact]
    public async Task Columns_are_UIDs_first_then_attributes_as_they_appear_then_what_records_say()
    {
        using var table = new RecordTable(
            RecordTable.Search(
                """{"00080060":{"vr":"CS","Value":["CT"]},"00080018":{"vr":"UI","Value":["1.3"]},"0020000D":{"vr":"UI","Value":["1.1"]}}""",
                """{"00100010":{"vr":"PN","Value":[{"Alphabetic":"Müller^Jörg"}]},"0020000E":{"vr":"UI","Value":["1.2"]}}"""));

        Assert.Equal(
            "StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,Modality,PatientName,input_index,success,status,error\r\n"
            + "1.1,,1.3,CT,,0,true,200,\r\n"
            + ",1.2,,,Müller^Jörg,0,true,200,\r\n",
            await table.CsvAsync());
    }

    [Theory]
    [InlineData("00100010", "PatientName")]
    [InlineData("0020000d", "StudyInstanceUID")]
    [InlineData("00091001", "00091001")]
    [InlineData("7FE1001a", "7FE1001A")]
    [InlineData("00200FFF", "00200FFF")]
    [InlineData("60000010", "OverlayRows")]
    [InlineData("60020010", "60020010")]
    [InlineData("a key/of none", "a_key_of_none")]
    [InlineData("Success", "Success_2")]
    public async Task A_column_has_the_keyword_or_the_tag_if_there_is_none(string key, string name)
    {
        using var table = new RecordTable(RecordTable.Search(RecordTable.DataSet(key, """{"vr":"LO","Value":["x"]}""")));

        Assert.Equal([name, "input_index", "success", "status", "error"], (await table.CellsAsync())[0]);
        Assert.Equal(["x"], await table.ColumnAsync(name));
    }

    [Theory]
    [InlineData("""{"vr":"CS","Value":["ORIGINAL","PRIMARY",null,"AXIAL"]}""", @"ORIGINAL\PRIMARY\\AXIAL")]
    [InlineData("""{"vr":"CS"}""", "")]
    [InlineData("""{"vr":"CS","Value":[]}""", "")]
    [InlineData("""{"vr":"CS","Value":[null]}""", "")]
    [InlineData("""{"vr":"CS","Value":[""]}""", "")]
    [InlineData("""{"vr":"CS","Value":[null,null]}""", @"\")]
    [InlineData("""{"Value":["a"],"vr":"CS"}""", "a")]
    [InlineData("""{"Value":["a"]}""", "a")]
    [InlineData(
        """{"vr":"PN","Value":[{"Alphabetic":"Yamada^Tarou","Ideographic":"山田^太郎","Phonetic":"やまだ^たろう"}]}""", "Yamada^Tarou=山田^太郎=やまだ^たろう")]
    [InlineData("""{"vr":"PN","Value":[{"Phonetic":"x"},{"Alphabetic":"A"},{},"plain"]}""", @"==x\A\\plain")]
    [InlineData("""{"vr":"PN","Value":[{}]}""", "")]
    [InlineData("""{"vr":"SQ","Value":[{"00080100":{"vr":"SH","Value":["1"]}}]}""", """[{"00080100":{"vr":"SH","Value":["1"]}}]""")]
    [InlineData("""{"vr":"SQ","Value":[]}""", "")]
    [InlineData("""{"vr":"SQ","Value":[{}]}""", "[{}]")]
    [InlineData("""{"vr":"OW","BulkDataURI":"https://h/b?x=1"}""", "https://h/b?x=1")]
    [InlineData("""{"vr":"OB","InlineBinary":"QUJD"}""", "QUJD")]
    [InlineData("""{"vr":"UN","Value":[["a"]]}""", """[["a"]]""")]
    [InlineData("""{"vr":"LO","Value":"no array"}""", "no array")]
    [InlineData("""{"vr":5,"Value":[true,1.50]}""", @"true\1.50")]
    [InlineData("\"no object\"", "no object")]
    [InlineData("[1, 2]", "[1, 2]")]
    [InlineData("""{"vr":"LO","Value":["caf\u00e9 \ud83d\ude42"]}""", "café 🙂")]
    [InlineData("""{"vr":"LO","Value":["half \ud83d"]}""", @"half \ud83d")]
    public async Task An_attribute_is_a_cell(string attribute, string cell)
    {
        using var table = new RecordTable(RecordTable.Search(RecordTable.DataSet("00091001", attribute)));

        Assert.Equal([cell], await table.ColumnAsync("00091001"));
    }

    [Theory]
    [InlineData("DA", "\"20261126\"", "2026-11-26")]
    [InlineData("DA", "\"2026.11.26\"", "2026.11.26")]
    [InlineData("DA", "\"20261131\"", "20261131")]
    [InlineData("TM", "\"101112\"", "10:11:12")]
    [InlineData("TM", "\"101112.5\"", "10:11:12.5")]
    [InlineData("TM", "\"1011\"", "1011")]
    [InlineData("DT", "\"20261126101112.000001\"", "2026-11-26 10:11:12.000001")]
    [InlineData("DT", "\"20261126101112+0100\"", "20261126101112+0100")]
    [InlineData("IS", "-12", "-12")]
    [InlineData("IS", "\"-12\"", "-12")]
    [InlineData("UV", "18446744073709551615", "18446744073709551615")]
    [InlineData("DS", "-0.50", "-0.50")]
    [InlineData("DS", "\"-1.5\"", "-1.5")]
    [InlineData("DS", "\"-one\"", "'-one")]
    [InlineData("FD", "-1.5e-300", "-1.5e-300")]
    [InlineData("FD", "-1e999", "'-1e999")]
    [InlineData("LO", "\"-12\"", "'-12")]
    public async Task A_value_is_written_by_its_type_and_as_text_if_it_does_not_fit(string vr, string value, string cell)
    {
        using var table = new RecordTable(RecordTable.Search(RecordTable.DataSet("00091001", $$"""{"vr":"{{vr}}","Value":[{{value}}]}""")));

        Assert.Equal([cell], await table.ColumnAsync("00091001", isRaw: false));
    }

    [Fact]
    public async Task A_column_is_text_if_one_value_does_not_fit()
    {
        using var table = new RecordTable(
            RecordTable.Search(RecordTable.DataSet("00080020", """{"vr":"DA","Value":["20261126"]}""")),
            RecordTable.Search(RecordTable.DataSet("00080020", """{"vr":"DA","Value":["20261126","20261127"]}""")));

        Assert.Equal(["20261126", @"20261126\20261127"], await table.ColumnAsync("StudyDate"));
    }

    [Theory]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\\\"b", "\"a\"\"b\"")]
    [InlineData("a\\r\\nb", "\"a\r\nb\"")]
    [InlineData("a\\nb", "\"a\nb\"")]
    public async Task Text_is_quoted_where_it_must(string json, string written)
    {
        using var table = new RecordTable(RecordTable.Search(RecordTable.DataSet("00081030", $$"""{"vr":"LO","Value":["{{json}}"]}""")));

        Assert.Equal($"StudyDescription\r\n{written}\r\n", await table.CsvAsync(columns: ["StudyDescription"]));
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\\t=1")]
    [InlineData("\\r=1")]
    [InlineData("\\n=1")]
    [InlineData("  =1")]
    [InlineData("＝1")]
    public async Task Text_that_a_spreadsheet_would_run_begins_with_an_apostrophe_unless_raw(string json)
    {
        using var table = new RecordTable(RecordTable.Search(RecordTable.DataSet("00081030", $$"""{"vr":"LO","Value":["{{json}}"]}""")));
        var text = System.Text.RegularExpressions.Regex.Unescape(json);

        Assert.Equal(["'" + text], await table.ColumnAsync("StudyDescription", isRaw: false));
        Assert.Equal([text], await table.ColumnAsync("StudyDescription", isRaw: true));
    }

    [Fact]
    public async Task An_input_without_a_data_set_has_a_row()
    {
        using var table = new RecordTable(
            Failed,
            """{"input":{},"result":[],"success":true,"status":204}""",
            """{"input":"free text","result":{},"success":false,"error":{"code":"malformed","message":"m"},"""
            + "\"message_id\":\"7\",\"publish_time\":\"2026-11-26T10:00:00Z\"}",
            """{"input":{},"result":[{"00100020":{"vr":"LO","Value":["a"]}},{}],"success":false,"status":503,"partial":true}""");

        Assert.Equal(
            [
                ["PatientID", "message_id", "publish_time", "input_index", "success", "status", "error"],
                ["", "", "", "0", "false", "Expected an object.", """{"message":"no"}"""],
                ["", "", "", "1", "true", "204", ""],
                ["", "7", "2026-11-26T10:00:00Z", "2", "false", "", """{"code":"malformed","message":"m"}"""],
                ["a", "", "", "3", "false", "503", ""],
                ["", "", "", "3", "false", "503", ""],
            ],
            await table.CellsAsync());
    }

    [Fact]
    public async Task An_upload_has_a_row_for_each_input()
    {
        using var table = new RecordTable(
            """{"source":"drop/1.dcm","success":true,"status":200,"already_stored":true,"""
            + "\"instance\":{\"study_instance_uid\":\"1.1\",\"series_instance_uid\":\"1.2\",\"sop_instance_uid\":\"1.3\"},"
            + "\"retrieve_url\":\"https://h/1\"}",
            """{"source":"drop/2.dcm","success":false,"status":409,"""
            + "\"instance\":{\"study_instance_uid\":\"1.1\",\"series_instance_uid\":null,\"sop_instance_uid\":\"1.4\"},"
            + "\"input\":\"drop/2.dcm\",\"error\":{\"code\":49442,\"reason\":\"r\",\"message\":\"m\"}}",
            """{"source":"drop/3.dcm","success":false,"status":"not a DICOM file","input":"drop/3.dcm","error":{"code":"not_dicom"}}""");

        Assert.Equal(
            [
                [
                    "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "source", "already_stored", "retrieve_url",
                    "input_index", "success", "status", "error",
                ],
                ["1.1", "1.2", "1.3", "drop/1.dcm", "true", "https://h/1", "0", "true", "200", ""],
                ["1.1", "", "1.4", "drop/2.dcm", "", "", "1", "false", "409", """{"code":49442,"reason":"r","message":"m"}"""],
                ["", "", "", "drop/3.dcm", "", "", "2", "false", "not a DICOM file", """{"code":"not_dicom"}"""],
            ],
            await table.CellsAsync());
    }

    [Theory]
    [InlineData(null, 0, null, "0a 0b 1 2 3a 3b 4")]
    [InlineData(null, 1, 2L, "1 2")]
    [InlineData(null, 3, 9L, "3a 3b 4")]
    [InlineData(true, 1, 1L, "2")]
    [InlineData(false, 1, null, "4")]
    [InlineData(null, 9, 1L, "")]
    public async Task From_and_count_are_of_records(bool? success, long from, long? count, string rows)
    {
        using var table = new RecordTable(
            Records("0a 0b", true), Records("1", false), Records("2", true), Records("3a 3b", true), Records("4", false));

        Assert.Equal(
            rows.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            (await table.CellsAsync(success: success, columns: ["PatientID"], from: from, count: count)).Skip(1).Select(row => row[0]));

        static string Records(string ids, bool success) =>
            RecordTable.Search(ids.Split(' ').Select(id => RecordTable.DataSet("00100020", $"{{\"vr\":\"LO\",\"Value\":[\"{id}\"]}}")))
                .Replace("true", success ? "true" : "false", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retrieval_of_files_has_a_row_for_each_input()
    {
        using var table = new RecordTable(
            Retrieved(File("1.1", "1.2", "1.3", 10), File("1.1", "1.2", "1.4", 20)),
            Retrieved(File("2.1", "2.2", "2.3", 30)),
            Retrieved(),
            Retrieved(File("1.1", "1.2", "1.3", 10), File("1.1", "1.5", "1.6", 1), File("1.1", "1.2", "1.4", 2)));

        Assert.Equal(
            [
                ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "files", "bytes", "input_index", "success", "status", "error"],
                ["1.1", "1.2", "", "2", "30", "0", "true", "200", ""],
                ["2.1", "2.2", "2.3", "1", "30", "1", "true", "200", ""],
                ["", "", "", "", "", "2", "true", "200", ""],
                ["1.1", "", "", "3", "13", "3", "true", "200", ""],
            ],
            await table.CellsAsync());

        static string Retrieved(params string[] files) =>
            $$"""{"input":"projects/p","result":[{{string.Join(',', files)}}],"success":true,"status":200}""";

        static string File(string study, string series, string sop, long bytes) => Encoding.UTF8.GetString(
            new RetrievedFile($"retrieved/1/{sop}.dcm", bytes, "00", "1.2.840.10008.1.2.1", study, series, sop).ToJson("a").Span);
    }

    [Fact]
    public async Task No_records_are_a_header()
    {
        using var table = new RecordTable();

        Assert.Equal("input_index,success,status,error\r\n", await table.CsvAsync());
    }

    [Fact]
    public async Task Success_chooses_rows_and_their_columns_and_types_alone()
    {
        using var table = new RecordTable(
            RecordTable.Search(RecordTable.DataSet("00100020", """{"vr":"LO","Value":["a"]}""")),
            Failed);

        Assert.Equal(
            [["input_index", "success", "status", "error"], ["1", "false", "Expected an object.", """{"message":"no"}"""]],
            await table.CellsAsync(success: false));
        Assert.Equal(
            [["PatientID", "input_index", "success", "status", "error"], ["a", "0", "true", "200", ""]],
            await table.CellsAsync(success: true));
    }

    [Fact]
    public async Task Chosen_columns_keep_their_order_whether_or_not_a_row_has_them()
    {
        using var table = new RecordTable(RecordTable.Search(
            """{"00100020":{"vr":"LO","Value":["a"]},"00091001":{"vr":"LO","Value":["p"]},"0020000D":{"vr":"UI","Value":["1.1"]}}"""));

        Assert.Equal(
            [["success", "00091001", "StudyDate", "PatientID", "source"], ["true", "p", "", "a", ""]],
            await table.CellsAsync(columns: ["success", "00091001", "StudyDate", "00100020", "source"]));
    }

    [Theory]
    [InlineData("There is no column 'patientid'.", "patientid")]
    [InlineData("Column 'PatientID' is given more than once.", "PatientID", "00100020")]
    public void Columns_that_cannot_be_chosen_are_named(string problem, params string[] columns) =>
        Assert.StartsWith(problem, Assert.Throws<TableException>(() => TableColumns.Choose(columns)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Too_many_columns_are_refused_unless_chosen()
    {
        var keys = Enumerable.Range(0, TableColumns.MaxColumns + 1).Select(i => $"\"{0x00091000 + i:X8}\":{{}}");
        using var table = new RecordTable(RecordTable.Search($"{{{string.Join(',', keys)}}}"));

        var exception = await Assert.ThrowsAsync<TableException>(() => table.OpenAsync());
        Assert.Equal("The results have more than 5000 columns: choose some of them.", exception.Message);
        Assert.Equal([["00091000"], [""]], await table.CellsAsync(columns: ["00091000"]));
    }

    [Fact]
    public async Task InputIndex_passes_over_inputs_that_were_not_attempted()
    {
        using var table = new RecordTable(Failed, Failed, Failed);

        var cells = await table.CellsAsync(columns: ["input_index"], summary: Summary(failed: 3, [0, 2], [2, 1], [4, 3]));

        Assert.Equal(["3", "7", "8"], cells.Skip(1).Select(row => row[0]));
    }

    [Theory]
    [InlineData("""{"input":1,"result":[{"0010""", "results/00000.ndjson is damaged: record 2 of it is cut off.")]
    [InlineData("""{"input":1,"result":[{"0010}],"success":true}""", "results/00000.ndjson is damaged: record 2 of it is not valid JSON.")]
    [InlineData("""{"input":1,"result":[{0010}],"success":true}""", "results/00000.ndjson is damaged: record 2 of it is not valid JSON.")]
    [InlineData("5\n", "results/00000.ndjson is damaged: record 2 of it is not a JSON object.")]
    public async Task A_damaged_file_is_found_before_the_first_byte(string end, string problem)
    {
        using var table = new RecordTable(Failed);
        await table.ReplaceAsync(0, Failed + "\n" + end);

        Assert.Equal(problem, (await Assert.ThrowsAsync<ObjectDamagedException>(() => table.OpenAsync())).Message);
    }

    [Fact]
    public async Task Too_few_records_are_found_before_the_first_byte()
    {
        using var table = new RecordTable(Failed);

        var exception = await Assert.ThrowsAsync<ObjectDamagedException>(() => table.OpenAsync(summary: Summary(failed: 2)));
        Assert.Equal("The results files are damaged: they have 1 of 2 records.", exception.Message);
    }

    [Theory]
    [InlineData("""{"input":1,"result":[{"00200013":{"vr":"IS","Value":["x"]}}],"success":true,"status":200}""")]
    [InlineData("""{"input":1,"result":[{"00100020":{"vr":"LO","Value":["x"]}}],"success":true,"status":200}""")]
    [InlineData("""{"input":1,"result":[{},{}],"success":true,"status":200}""")]
    [InlineData("""{"input":1,"result":[{}],"success":true,"status":"text"}""")]
    [InlineData("")]
    public async Task Files_that_change_between_the_passes_break_the_table_off(string later)
    {
        using var table = new RecordTable(RecordTable.Search(RecordTable.DataSet("00200013", """{"vr":"IS","Value":["1"]}""")));
        foreach (var format in Enum.GetValues<TableFormat>())
        {
            await table.ReplaceAsync(0, RecordTable.Search(RecordTable.DataSet("00200013", """{"vr":"IS","Value":["1"]}""")));
            var opened = await table.OpenAsync();
            await table.ReplaceAsync(0, later);

            using var target = new AsyncOnlyStream();
            await Assert.ThrowsAsync<ObjectDamagedException>(
                () => opened.CopyToAsync(format, isRaw: false, target, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_file_with_any_damage_is_a_table_or_damaged()
    {
        var random = new Random(9);
        using var table = new RecordTable(Failed);
        var whole = string.Join(
            '\n', [.. Enumerable.Range(0, 3).Select(_ => RecordTable.Search(RandomDataSets.Some(random, 4))), Failed, ""]);
        var (tables, damaged) = (0, 0);
        for (var i = 0; i < 150; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(whole);
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            await table.ReplaceAsync(0, bytes);
            try
            {
                await table.CsvAsync();
                tables++;
            }
            catch (ObjectDamagedException)
            {
                damaged++;
            }
        }

        Assert.True(tables > 10 && damaged > 10, $"{tables} tables, {damaged} damaged");
    }

    private static JobSummary Summary(long failed, params long[][] notAttempted) => new()
    {
        Id = "20261122-081653-k3f9x2",
        Kind = JobKind.Search,
        State = JobStatus.Cancelled,
        Inputs = 10,
        Succeeded = 0,
        Failed = failed,
        NotAttempted = 0,
        NotAttemptedInputs = notAttempted,
        Statuses = new Dictionary<string, long>(),
        Attempts = 0,
        Bytes = 0,
        Parts = 1,
        CreatedAt = default,
        StartedAt = default,
        FinishedAt = default,
        Rate = 0,
    };
}
