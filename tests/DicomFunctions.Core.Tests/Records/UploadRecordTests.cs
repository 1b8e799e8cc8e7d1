using System.Buffers;
using System.Text;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Records;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Records;

public sealed class UploadRecordTests
{
    private static readonly Part10Header Header = new()
    {
        TransferSyntaxUid = TransferSyntaxes.ExplicitLittleEndian,
        StudyInstanceUid = "1.2",
        SopInstanceUid = "1.2.3",
        HasPreamble = true,
    };

    [Fact]
    public void A_success_names_the_instance_and_where_it_is() => Assert.Equal(
        """
        {"source":"a","success":true,"status":200,"already_stored":true,"instance":{"study_instance_uid":"1.2","series_instance_uid":null,
        """
        + """
          "sop_instance_uid":"1.2.3"},"retrieve_url":"https://x/y","kind":"upload"}
          """ + "\n",
        Record(
            Header,
            new StowOutcome { Success = true, Status = OutcomeStatus.Of(200), AlreadyStored = true, RetrieveUrl = "https://x/y" }));

    [Fact]
    public void A_failure_hands_back_its_input_with_the_code_and_the_message() => Assert.Equal(
        """
        {"source":"a","success":false,"status":409,"input":"a","error":{"code":"server_error",
        """
        + """
          "failure_reason":272,"reason":"processing failure","message":"No."},"kind":"upload"}
          """ + "\n",
        Record(
            null,
            Failed(new StowError
            {
                Code = FailureCode.ServerError,
                FailureReason = 272,
                Reason = "processing failure",
                Message = "No.",
            })));

    [Fact]
    public void A_word_is_the_code_where_there_is_one() => Assert.Contains(
        "\"error\":{\"code\":\"unconfirmed\",\"reason\":\"r\"}",
        Record(null, Failed(new StowError { Code = FailureCode.Unconfirmed, Reason = "r" })),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(503, "\"error\":{\"code\":\"server_error\",\"reason\":\"503\"}")]
    [InlineData(0, "\"error\":{\"code\":\"unreachable\",\"reason\":\"Nobody there.\"}")]
    public void Without_an_error_the_status_says_why(int code, string expected)
    {
        var status = code == 0 ? OutcomeStatus.Of(FailureCode.Unreachable, "Nobody there.") : OutcomeStatus.Of(code);
        Assert.Contains(expected, Record(null, new StowOutcome { Success = false, Status = status }), StringComparison.Ordinal);
    }

    private static StowOutcome Failed(StowError error) => new() { Success = false, Status = OutcomeStatus.Of(409), Error = error };

    private static string Record(Part10Header? header, StowOutcome outcome)
    {
        var output = new ArrayBufferWriter<byte>();
        UploadRecord.Write(output, "a", header, outcome, default);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
