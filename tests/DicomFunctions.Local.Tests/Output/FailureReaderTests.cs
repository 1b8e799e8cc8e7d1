using System.Text;
using DicomFunctions.Local.Output;
using Xunit;

namespace DicomFunctions.Local.Tests.Output;

public sealed class FailureReaderTests
{
    private const string Records =
        """
        {"source":"gs://b/1.dcm","success":true,"status":200,"instance":{"study_instance_uid":"1.2"}}
        {"source":"gs://b/2.dcm","success":false,"input":"gs://b/2.dcm","error":{"code":"not_dicom","message":"Not \"DICM\"."}}
        {"input":{"a":{"source":"no","success":false}},"result":[{"0":{"Value":[{"success":false,"error":{"code":"x"}}]}}],"success":true}
        {"input":{"project_id":"p"},"result":[],"success":false,"status":403,"error":{"code":403,"message":"Denied"}}
        {"input":"path","result":{},"success":false,"error":{"code":"malformed","message":"Bad."}}
        {"source":"s","success":false,"status":409,"error":{"code":null,"reason":"Exists"}}
        {"input":{},"success":false,"status":"Connection refused (a:1)"}

        """;

    private static readonly FailedInput[] Expected =
    [
        new("gs://b/2.dcm", "not_dicom", "Not \"DICM\"."),
        new("record 4", "403", "Denied"),
        new("path", "malformed", "Bad."),
        new("s", "409", "Exists"),
        new("record 7", "error", "status Connection refused (a:1)"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public void Failures_are_found_in_pieces_of_any_size(int size)
    {
        List<FailedInput> found = [];
        using var reader = new FailureReader(found.Add);
        foreach (var piece in Encoding.UTF8.GetBytes(Records).Chunk(size))
            reader.Write(piece);

        Assert.Equal(Expected, found);
    }

    [Fact]
    public void A_record_with_very_many_rows_costs_no_memory()
    {
        List<FailedInput> found = [];
        using var reader = new FailureReader(found.Add);
        const string Row = "{\"0020000D\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]}},\n";
        var rows = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Row, 1_000)));
        reader.Write("{\"input\":{},\"result\":["u8);
        reader.Write(rows);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            reader.Write(rows);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        reader.Write("{}],\"success\":false,\"status\":503}\n"u8);

        Assert.Equal([new FailedInput("record 1", "503", "status 503")], found);
        // A buffer, once, and nothing for each of a thousand writes.
        Assert.True(allocated < 4 * rows.Length, $"{allocated} bytes were allocated.");
    }

    [Fact]
    public void Reasons_are_counted_by_code_with_the_first_as_an_example_and_never_become_many()
    {
        var reasons = new FailureReasons();
        for (var i = 0; i < 100; i++)
            reasons.Add(new FailedInput($"{i}", i % 3 == 0 ? "often" : $"code {i}", $"message {i}"));

        var list = reasons.List.ToList();
        Assert.Equal((100, 33), (reasons.Count, list.Count));
        Assert.Equal(100, list.Sum(reason => reason.Count));
        Assert.Contains(new FailureReasons.Reason("often", "message 0", "0", 34), list);
    }

    [Theory]
    [InlineData("plain ü 画", "plain ü 画")]
    [InlineData("\e[31mred\a\n\u202e", "\uFFFD[31mred\uFFFD\uFFFD\uFFFD")]
    public void Control_characters_are_not_printed(string text, string printed) => Assert.Equal(printed, Printable.Of(text));
}
