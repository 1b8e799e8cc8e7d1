using System.Text;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tables;
using DicomFunctions.Core.Tests.Fakes;
using Xunit;

namespace DicomFunctions.Core.Tests.Tables;

public sealed class RecordReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1 << 20)]
    public async Task Read_finds_every_data_set_however_the_bytes_arrive_and_how_long_it_is(int piece)
    {
        // Longer than the reader's buffer, as are the input and the binary that are passed over.
        var (row, input) = (
            RecordTable.DataSet("00091001", $$"""{"vr":"UT","Value":["{{new string('x', 300_000)}}"]}"""), new string('i', 300_000));
        var records = $$"""
            {"input":["{{input}}",{"result":[{}]}],"other":{"result":[5]},"result" : [ {},{{row}} , {"a":1}],"success":true,"status":200}
            {"source":"s","success":false,"instance":{"sop_instance_uid":"1.2"},"other":[1,{"success":true}]}

            """;

        Assert.Equal(["{}", row, """{"a":1}""", "end true 200", "end false "], await ReadAsync(records, piece, skipsRows: false));
        Assert.Equal(["end true 200", "end false "], await ReadAsync(records, piece, skipsRows: true));
    }

    [Theory]
    [InlineData("[{}{}]")]
    [InlineData("[,{}]")]
    [InlineData("[{},]")]
    [InlineData("[{},,{}]")]
    [InlineData("[{]")]
    [InlineData("[{\"a\":nul}]")]
    public async Task Read_a_result_that_is_not_valid_JSON_is_damaged(string result)
    {
        var exception = await Assert.ThrowsAsync<ObjectDamagedException>(
            () => ReadAsync($"{{\"result\":{result},\"success\":true}}", 1, skipsRows: false));

        Assert.Equal("file is damaged: record 1 of it is not valid JSON.", exception.Message);
    }

    [Theory]
    [InlineData("{\"result\":{},\"success\":true}", "end true ")]
    [InlineData("{\"result\":[],\"success\":true}", "end true ")]
    [InlineData("{\"result\":null,\"success\":false}", "end false ")]
    [InlineData("{\"success\":true,\"result\":[{}]}", "{}", "end true ")]
    [InlineData("{\"result\":[5,[{}],{}],\"success\":true}", "{}", "end true ")]
    [InlineData("{}", "end  ")]
    [InlineData(" \n ")]
    [InlineData("")]
    public async Task Read_any_record_is_read(string record, params string[] pieces)
    {
        Assert.Equal(pieces, await ReadAsync(record, 1, skipsRows: false));
        Assert.Equal(pieces.Where(piece => piece != "{}"), await ReadAsync(record, 1, skipsRows: true));
    }

    private static async Task<List<string>> ReadAsync(string records, int piece, bool skipsRows)
    {
        using var reader = new RecordReader(new ChoppedStream(Encoding.UTF8.GetBytes(records), piece), "file", skipsRows);
        List<string> found = [];
        while (await reader.ReadAsync(CancellationToken.None) is var next && next != RecordPiece.None)
        {
            found.Add(next == RecordPiece.Row
                ? Encoding.UTF8.GetString(reader.Row.Span)
                : $"end {reader.Outcome![RecordField.Success].Text} {reader.Outcome[RecordField.Status].Text}");
        }

        return found;
    }
}
