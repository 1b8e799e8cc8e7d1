using System.Text;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Wado;

public sealed class RetrieveMetadataTests : IAsyncLifetime
{
    private readonly RowSink _given = new();
    private CoreHost _host = null!;

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync(
        CoreHost.SkippingClock(),
        settings: [("DicomWeb:MaxAttempts", "3"), ("DicomWeb:MaxRows", "25"), ("DicomWeb:MaxBytes", "1048576")]);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(null, null, 3, "/studies/1.1/metadata")]
    [InlineData("1.1.1", null, 3, "/studies/1.1/series/1.1.1/metadata")]
    [InlineData("1.1.1", "1.2.0", 1, "/studies/1.1/series/1.1.1/instances/1.2.0/metadata")]
    public async Task Every_data_set_is_given_as_the_server_sent_it(string? series, string? instance, int count, string url)
    {
        var rows = FakeDicomStore.OneSeries(count);
        rows[0] = rows[0][..^1] + ",\"00101030\":{\"vr\":\"DS\",\"Value\":[70.100]},"
            + "\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Ideographic\":\"山田\\u005e\"}]}}";
        var accept = "";
        _host.Server.Before = async context =>
        {
            accept = context.Request.Headers.Accept.ToString();
            await FakeDicomStore.JsonAsync(context, $"[{string.Join(',', rows)}]");
            return true;
        };
        var outcome = await RetrieveAsync(Study() with { SeriesUid = series, SopInstanceUid = instance });
        Assert.Equal(new RetrieveOutcome { Success = true, Status = OutcomeStatus.Of(200), Attempts = 1 }, outcome);
        Assert.Equal(rows, _given.Rows);
        Assert.Equal((url, "application/dicom+json"), (Assert.Single(_host.Server.Requests), accept));
    }

    [Fact]
    public async Task A_server_that_repeats_and_reorders_data_sets_gives_each_once()
    {
        var rows = FakeDicomStore.OneSeries(4);
        Answer([rows[2], rows[0], rows[2], rows[3], rows[0], rows[1]]);
        Assert.True((await RetrieveAsync(Study())).Success);
        Assert.Equal([rows[2], rows[0], rows[3], rows[1]], _given.Rows);
    }

    [Fact]
    public async Task One_sop_instance_uid_in_two_series_is_two_data_sets()
    {
        string[] rows = [FakeDicomStore.Row("1.1", "1.1.1", "1.2"), FakeDicomStore.Row("1.1", "1.1.2", "1.2")];
        Answer(rows);
        Assert.True((await RetrieveAsync(Study())).Success);
        Assert.Equal(rows, _given.Rows);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_breaks_off_is_fetched_again_and_gives_each_data_set_once(bool byConnection)
    {
        var rows = FakeDicomStore.OneSeries(10);
        var body = Encoding.UTF8.GetBytes($"[{string.Join(',', rows)}]");
        var times = 0;
        _host.Server.Before = async context =>
        {
            context.Response.ContentType = "application/dicom+json";
            if (++times == 3)
            {
                await context.Response.Body.WriteAsync(body);
                return true;
            }

            context.Response.ContentLength = byConnection ? body.Length : null;
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length - (times * 300)));
            if (byConnection)
                context.Abort();
            return true;
        };
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((true, 3), (outcome.Success, outcome.Attempts));
        Assert.Equal(rows, _given.Rows);
    }

    [Fact]
    public async Task An_answer_that_always_breaks_off_is_partial()
    {
        var rows = FakeDicomStore.OneSeries(3);
        AnswerText($"[{rows[0]},{rows[1]},{rows[2][..20]}");
        var outcome = await RetrieveAsync(Study());
        Assert.Equal(
            new RetrieveOutcome
            {
                Success = false,
                Status = OutcomeStatus.Of(FailureCode.BrokenOff, "The answer broke off."),
                Partial = true,
                IsTransient = true,
                Attempts = 3,
            },
            outcome);
        Assert.Equal(rows[..2], _given.Rows);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("\uFEFF")]
    [InlineData("[]")]
    [InlineData(null)]
    public async Task An_answer_without_data_sets_says_that_there_is_nothing_to_give(string? body)
    {
        AnswerText(body ?? "", body is null ? 204 : 200);
        Assert.Equal(
            new RetrieveOutcome { Success = true, Status = OutcomeStatus.Of(204), Attempts = 1 }, await RetrieveAsync(Study()));
    }

    [Theory]
    [InlineData("1.9", "1.1.1", "1.2.0", "A data set of the answer has another StudyInstanceUID than the one asked for and was left out.")]
    [InlineData("1.1", "1.9", "1.2.0", "A data set of the answer has another SeriesInstanceUID than the one asked for and was left out.")]
    [InlineData("1.1", "1.1.1", "1.9", "A data set of the answer has another SOPInstanceUID than the one asked for and was left out.")]
    [InlineData("", "1.1.1", "1.2.0", "A data set of the answer has no StudyInstanceUID and was left out.")]
    public async Task A_data_set_that_was_not_asked_for_is_left_out_and_a_failure(
        string study, string series, string instance, string message)
    {
        var rows = FakeDicomStore.OneSeries(1);
        Answer([FakeDicomStore.Row(study, series, instance), rows[0]]);
        var outcome = await RetrieveAsync(Study() with { SeriesUid = "1.1.1", SopInstanceUid = "1.2.0" });
        Assert.Equal(
            new RetrieveOutcome
            {
                Success = false,
                Status = OutcomeStatus.Of(FailureCode.BadAnswer, message),
                Partial = true,
                Attempts = 1,
            },
            outcome);
        Assert.Equal(rows, _given.Rows);
    }

    [Fact]
    public async Task A_uid_with_padding_and_escapes_is_the_one_that_was_asked_for()
    {
        Answer([FakeDicomStore.Row("1.\\u0031\\u0000", "1.1.1 ", "1.2")]);
        Assert.True((await RetrieveAsync(Study() with { SeriesUid = "1.1.1" })).Success);
        Assert.Single(_given.Rows);
    }

    [Fact]
    public async Task Partial_content_is_given_and_a_failure()
    {
        var rows = FakeDicomStore.OneSeries(2);
        AnswerText($"[{string.Join(',', rows)}]", 206);
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((false, true, 206, 1), (outcome.Success, outcome.Partial, outcome.Status.Code, outcome.Attempts));
        Assert.Equal("The server could not give all of it.", outcome.Error!.Message);
        Assert.Equal(rows, _given.Rows);
    }

    [Theory]
    [InlineData(404, "The store has no such study, series or instance.")]
    [InlineData(406, "The server cannot give metadata as DICOM JSON (application/dicom+json).")]
    [InlineData(410, "The study, series or instance was deleted from the store.")]
    public async Task A_refusal_has_a_reason(int status, string reason)
    {
        AnswerText("", status);
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((false, false, status, reason), (outcome.Success, outcome.Partial, outcome.Status.Code, outcome.Error?.Message));
    }

    [Theory]
    [InlineData("<html>Please sign in</html>", "text/html")]
    [InlineData("[{\"a\":NaN}]", "application/dicom+json")]
    [InlineData("{\"00080018\":{}}", "application/dicom+json")]
    public async Task An_answer_that_is_not_DICOM_JSON_is_a_failure_and_not_fetched_again(string body, string type)
    {
        AnswerText(body, 200, type);
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((false, 1), (outcome.Success, outcome.Attempts));
        Assert.StartsWith($"The server answered 200 with {type}, which is not DICOM JSON:", outcome.Status.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_data_sets_than_allowed_are_partial()
    {
        Answer(FakeDicomStore.OneSeries(26));
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((false, true, 25), (outcome.Success, outcome.Partial, _given.Rows.Count));
        Assert.StartsWith(
            "The answer has more than 25 data sets; the others were left out.", outcome.Status.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_bytes_than_allowed_are_partial()
    {
        Answer(FakeDicomStore.OneSeries(15).Select(row => row[..^1] + ",\"a\":\"" + new string('x', 100_000) + "\"}"));
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((false, true, 10), (outcome.Success, outcome.Partial, _given.Rows.Count));
        Assert.StartsWith("The answer is longer than 1048576 bytes", outcome.Status.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_set_that_is_too_deep_is_left_out_and_a_failure()
    {
        var rows = FakeDicomStore.OneSeries(3);
        Answer([rows[0], rows[1][..^1] + ",\"a\":" + new string('[', 512) + new string(']', 512) + "}", rows[2]]);
        var outcome = await RetrieveAsync(Study());
        Assert.Equal(
            (false, true, "A data set of the answer is nested more than 512 levels deep and was left out."),
            (outcome.Success, outcome.Partial, outcome.Status.Text));
        Assert.Equal([rows[0], rows[2]], _given.Rows);
    }

    [Fact]
    public async Task A_request_that_cannot_be_sent_is_a_failure_that_says_so()
    {
        var outcome = await RetrieveAsync(Study() with { StudyUid = "1/../2" });
        Assert.Equal(
            new RetrieveOutcome
            {
                Success = false,
                Status = OutcomeStatus.Of(FailureCode.InvalidRequest, "StudyInstanceUID must be a UID."),
            },
            outcome);
        Assert.Empty(_host.Server.Requests);
    }

    [Fact]
    public async Task What_the_sink_throws_is_thrown_even_at_once()
    {
        Answer(FakeDicomStore.OneSeries(1));
        var failure = new IOException("full");
        var thrown = await Assert.ThrowsAsync<IOException>(
            async () => await _host.Client.RetrieveMetadataAsync(Study(), new ThrowingSink(failure), CancellationToken.None));
        Assert.Same(failure, thrown);
        Assert.Single(_host.Server.Requests);
    }

    private static RetrieveRequest Study() => new() { Store = CoreHost.Store, StudyUid = "1.1" };

    private void Answer(IEnumerable<string> rows) => AnswerText($"[{string.Join(',', rows)}]");

    private void AnswerText(string body, int status = 200, string type = "application/dicom+json") => _host.Server.Before = async context =>
    {
        if (status == 204)
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        else
            await FakeDicomStore.JsonAsync(context, body, status, type);
        return true;
    };

    private async Task<RetrieveOutcome> RetrieveAsync(RetrieveRequest request) =>
        await _host.Client.RetrieveMetadataAsync(request, _given, CancellationToken.None);

    private sealed class RowSink : IDicomJsonSink
    {
        public List<string> Rows { get; } = [];

        public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
        {
            Rows.Add(Encoding.UTF8.GetString(dataset.Span));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ThrowingSink(Exception exception) : IDicomJsonSink
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken) => throw exception;
    }
}
