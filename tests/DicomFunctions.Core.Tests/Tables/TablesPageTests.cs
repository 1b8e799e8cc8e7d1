using System.Text.RegularExpressions;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Tables;

/// <summary>The queries of docs/tables.md, run as they stand there.</summary>
public sealed partial class TablesPageTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DuckDb _duckDb = new();

    public void Dispose()
    {
        _duckDb.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_query_answers_its_question()
    {
        await WriteAsync(
            "series",
            RecordTable.Search(Series("1.1", "20261105", "CT"), Series("1.1", "20261105", "SR"), Series("1.2", "20261130", "CT")),
            RecordTable.Search(Series("1.3", "20261201", "CT")),
            """{"input":{},"result":[],"success":true,"status":204}""",
            """{"input":{},"result":[],"success":false,"status":503}""");
        await WriteAsync(
            "upload",
            Upload("a.dcm", "1.9", "true,\"status\":200"),
            Upload("b.dcm", "1.8", "true,\"status\":200"),
            Upload("c.dcm", "1.7", """false,"status":409,"error":{"code":49442,"reason":"transfer syntax not supported"}"""),
            Upload("d.dcm", "1.6", """false,"status":409,"error":{"code":49442,"reason":"transfer syntax not supported"}"""),
            Upload("e.dcm", "1.5", """false,"status":"not a DICOM file","error":{"code":"not_dicom"}"""));
        await WriteAsync("instances", RecordTable.Search(RecordTable.DataSet("00080018", """{"vr":"UI","Value":["1.9"]}""")));
        _duckDb.Query($"SET file_search_path = '{_folder.Path}'");

        var page = await File.ReadAllTextAsync(RepositoryFolder.File("docs", "tables.md"));
        var queries = Queries().Matches(page).Select(query => query.Groups[1].Value.Trim().TrimEnd(';'));
        List<string?[]> answers = [.. queries.SelectMany(_duckDb.Texts)];

        Assert.Equal(
            [
                ["2026-11", "CT", "2"], ["2026-11", "SR", "1"], ["2026-12", "CT", "1"],
                ["409", "49442", "transfer syntax not supported", "2"], ["not a DICOM file", "not_dicom", null, "1"],
                ["b.dcm", "1.8"],
            ],
            answers);
    }

    private static string Series(string study, string date, string modality) =>
        """{"00080020":{"vr":"DA","Value":["DATE"]},"00080060":{"vr":"CS","Value":["MODALITY"]},"0020000D":{"vr":"UI","Value":["STUDY"]}}"""
            .Replace("DATE", date, StringComparison.Ordinal).Replace("MODALITY", modality, StringComparison.Ordinal)
            .Replace("STUDY", study, StringComparison.Ordinal);

    private static string Upload(string source, string instance, string outcome) =>
        $$"""{"source":"{{source}}","instance":{"sop_instance_uid":"{{instance}}"},"success":{{outcome}}}""";

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Queries();

    private async Task WriteAsync(string name, params string[] records)
    {
        using var table = new RecordTable(records);
        await table.ParquetAsync(_folder.Combine(name + ".parquet"));
    }
}
