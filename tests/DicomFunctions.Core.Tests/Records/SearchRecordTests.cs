using System.Buffers;
using System.Text;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Records;
using Xunit;

namespace DicomFunctions.Core.Tests.Records;

public sealed class SearchRecordTests
{
    private const string Input = """{"a":1}""";

    [Fact]
    public void A_success_has_its_rows_as_they_came_and_no_key_it_does_not_need() => Assert.Equal(
        $$"""{"input":{{Input}},"result":[{"x":1},{"y":2}],"success":true,"status":200,"kind":"search"}""" + "\n",
        Record(new QidoOutcome { Success = true, Status = OutcomeStatus.Of(200) }, default, """{"x":1}""", """{"y":2}"""));

    [Fact]
    public void A_success_without_rows_has_an_empty_array() => Assert.Equal(
        $$"""{"input":{{Input}},"result":[],"success":true,"status":204,"kind":"search"}""" + "\n",
        Record(new QidoOutcome { Success = true, Status = OutcomeStatus.Of(204) }, default));

    [Fact]
    public void A_partial_failure_keeps_its_rows_and_says_why()
    {
        var outcome = new QidoOutcome
        {
            Success = false,
            Status = OutcomeStatus.Of(FailureCode.BrokenOff, "The connection broke."),
            Partial = true,
            RepeatedRows = 3,
            Error = new ServerError { Message = "Say \"why\"", Status = "UNAVAILABLE" },
        };

        Assert.Equal(
            $$"""{"input":{{Input}},"result":[{"x":1}],"success":false,"status":"The connection broke.","partial":true,"""
            + """
              "repeated_rows":3,"error":{"code":"broken_off","message":"Say \"why\"","status":"UNAVAILABLE"},"kind":"search",
              """
            + """
              "attempts":2,"elapsed_ms":0,"message_id":"m","publish_time":"t"}
              """ + "\n",
            Record(
                outcome, new RecordExtras { Attempts = 2, ElapsedMs = 0, MessageId = "m", PublishTime = "t" }, """{"x":1}"""));
    }

    private static string Record(in QidoOutcome outcome, in RecordExtras extras, params string[] rows)
    {
        var output = new ArrayBufferWriter<byte>();
        var record = new SearchRecord(output);
        record.Begin(Encoding.UTF8.GetBytes(Input));
        foreach (var row in rows)
            record.Row(Encoding.UTF8.GetBytes(row));
        record.End(outcome, extras);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
