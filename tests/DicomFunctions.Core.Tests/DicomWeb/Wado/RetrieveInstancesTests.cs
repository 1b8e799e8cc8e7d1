using System.Text;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Wado;

public sealed class RetrieveInstancesTests : IAsyncLifetime
{
    private static readonly byte[][] Files =
        [.. Enumerable.Range(0, 5).Select(i => Some.DicomFile(instance: $"1.2.{i}", pixelBytes: 3000))];

    private readonly SkippingTimeProvider _clock = CoreHost.SkippingClock();
    private readonly InstanceList _given = new();
    private readonly List<string> _accepts = [];
    private CoreHost _host = null!;

    private static byte[][] Tiny => ["1"u8.ToArray(), "\r\n--BOUN"u8.ToArray()];

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync(_clock, settings: ("DicomWeb:MaxAttempts", "3"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(null, null, "*", "/studies/1.1")]
    [InlineData("1.1.1", null, "*", "/studies/1.1/series/1.1.1")]
    [InlineData("1.1.1", "1.2.0", "*", "/studies/1.1/series/1.1.1/instances/1.2.0")]
    [InlineData(null, null, "1.2.840.10008.1.2.4.50", "/studies/1.1")]
    public async Task Every_part_is_given_byte_by_byte(string? series, string? instance, string syntax, string url)
    {
        Answer(context => WadoAnswer.SendAsync(context, WadoAnswer.Body(Files)));
        var outcome = await RetrieveAsync(Study() with { SeriesUid = series, SopInstanceUid = instance, TransferSyntax = syntax });
        Assert.Equal(new RetrieveOutcome { Success = true, Status = Status(200), Attempts = 1 }, outcome);
        Assert.Equal(Files, _given.Files);
        Assert.Equal(url, Assert.Single(_host.Server.Requests));
        Assert.Equal($"multipart/related; type=\"application/dicom\"; transfer-syntax={syntax}", Assert.Single(_accepts));
    }

    [Fact]
    public async Task A_single_instance_comes_as_it_is_too()
    {
        Answer(context => WadoAnswer.SendAsync(context, Files[0], "application/dicom; transfer-syntax=1.2.840.10008.1.2.1"));
        Assert.True((await RetrieveAsync(Study())).Success);
        Assert.Equal([Files[0]], _given.Files);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(406)]
    [InlineData(415)]
    public async Task A_single_instance_that_is_not_sent_as_multipart_is_asked_for_as_it_is(int status)
    {
        Answer(context => _accepts.Count == 1
            ? StatusAsync(context, status)
            : WadoAnswer.SendAsync(context, Files[0], "application/dicom"));
        var outcome = await RetrieveAsync(Study() with { SeriesUid = "1.1.1", SopInstanceUid = "1.2.0", TransferSyntax = "1.2.3" });
        Assert.Equal((true, 2), (outcome.Success, outcome.Attempts));
        Assert.Equal([Files[0]], _given.Files);
        Assert.Equal("application/dicom; transfer-syntax=1.2.3", _accepts[1]);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_anywhere_is_fetched_again()
    {
        var body = WadoAnswer.Body(Tiny);
        // The last two bytes are a line break after the closing delimiter.
        for (var length = 1; length < body.Length - 2; length++)
        {
            _accepts.Clear();
            var given = new InstanceList();
            // The HTTP answer is whole: only the closing delimiter tells.
            Answer(context => WadoAnswer.SendAsync(context, _accepts.Count == 1 ? body[..length] : body));
            var outcome = await _host.Client.RetrieveInstancesAsync(Study(), given, CancellationToken.None);
            Assert.Equal((length, true, 2), (length, outcome.Success, outcome.Attempts));
            Assert.Equal(Tiny, given.Files.TakeLast(2));
            Assert.All(given.Files, file => Assert.Contains(file, Tiny));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_that_always_breaks_off_is_a_failure_and_partial_if_some_was_given(bool afterFirst)
    {
        var body = WadoAnswer.Body(Files)[..(afterFirst ? Files[0].Length + 500 : 500)];
        Answer(context => WadoAnswer.SendAsync(context, body));
        var outcome = await RetrieveAsync(Study());
        Assert.Equal(
            new RetrieveOutcome
            {
                Success = false,
                Status = Status(FailureCode.BrokenOff, "The answer broke off."),
                Partial = afterFirst,
                IsTransient = true,
                Attempts = 3,
            },
            outcome);
        Assert.Equal(afterFirst ? 3 : 0, _given.Files.Count);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 3)]
    public async Task An_answer_that_breaks_off_after_an_instance_is_not_fetched_again_if_the_caller_asks_for_the_rest(
        bool afterFirst, int attempts)
    {
        var body = WadoAnswer.Body(Files)[..(afterFirst ? Files[0].Length + 500 : 500)];
        Answer(context => WadoAnswer.SendAsync(context, body));
        var outcome = await RetrieveAsync(Study() with { StartsOver = false });
        Assert.Equal((false, afterFirst, attempts), (outcome.Success, outcome.Partial, outcome.Attempts));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_a_failure_and_fetched_again()
    {
        Answer(async context =>
        {
            if (_accepts.Count > 1)
                return await WadoAnswer.SendAsync(context, WadoAnswer.Body(Files));
            await WadoAnswer.SendAsync(context, WadoAnswer.Body(Files)[..5000]);
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        });
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((true, 2), (outcome.Success, outcome.Attempts));
        Assert.Equal(Files, _given.Files.TakeLast(Files.Length));
    }

    [Fact]
    public async Task A_single_instance_that_ends_with_its_connection_may_have_broken_off()
    {
        await using var server = new ClosingServer(Files[0], "application/dicom");
        await using var host = await CoreHost.StartAsync(
            CoreHost.SkippingClock(), settings: [("DicomWeb:BaseUrl", server.BaseUrl), ("DicomWeb:MaxAttempts", "2")]);
        var outcome = await host.Client.RetrieveInstancesAsync(Study(), _given, CancellationToken.None);
        Assert.Equal((false, "The answer broke off.", 2), (outcome.Success, outcome.Status.Text, outcome.Attempts));
        Assert.Equal(2, _given.Begun);
        Assert.Empty(_given.Files);
    }

    [Fact]
    public async Task A_multipart_answer_that_ends_with_its_connection_is_whole_with_its_closing_delimiter()
    {
        await using var server = new ClosingServer(WadoAnswer.Body(Files), WadoAnswer.Type);
        await using var host = await CoreHost.StartAsync(CoreHost.SkippingClock(), settings: ("DicomWeb:BaseUrl", server.BaseUrl));
        Assert.True((await host.Client.RetrieveInstancesAsync(Study(), _given, CancellationToken.None)).Success);
        Assert.Equal(Files, _given.Files);
    }

    [Theory]
    [InlineData(204, null, "")]
    [InlineData(200, null, "")]
    [InlineData(200, WadoAnswer.Type, "")]
    [InlineData(200, WadoAnswer.Type, "\r\n")]
    [InlineData(200, WadoAnswer.Type, "--BOUND--")]
    [InlineData(200, WadoAnswer.Type, "a preamble\r\n--BOUND--\r\nan epilogue")]
    [InlineData(200, "application/dicom", "")]
    public async Task An_answer_without_instances_says_that_there_is_nothing_to_give(int status, string? type, string body)
    {
        Answer(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            if (status != 204)
                context.Response.ContentLength = body.Length;
            await context.Response.WriteAsync(body);
            return true;
        });
        Assert.Equal(new RetrieveOutcome { Success = true, Status = Status(204), Attempts = 1 }, await RetrieveAsync(Study()));
        Assert.Equal(0, _given.Begun);
    }

    [Fact]
    public async Task Partial_content_is_given_and_a_failure()
    {
        Answer(context => WadoAnswer.SendAsync(context, WadoAnswer.Body(Files[..2]), status: 206));
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((false, true, 206, 1), (outcome.Success, outcome.Partial, outcome.Status.Code, outcome.Attempts));
        Assert.Equal("The server could not give all of it.", outcome.Error!.Message);
        Assert.Equal(Files[..2], _given.Files);
    }

    [Theory]
    [InlineData(404, "The store has no such study, series or instance.")]
    [InlineData(410, "The study, series or instance was deleted from the store.")]
    public async Task What_is_not_there_is_a_failure_with_a_reason(int status, string reason)
    {
        Answer(context => StatusAsync(context, status));
        var outcome = await RetrieveAsync(Study());
        Assert.Equal(
            (false, false, status, 1, reason),
            (outcome.Success, outcome.Partial, outcome.Status.Code, outcome.Attempts, outcome.Error?.Message));

        const string Said = "Study not found.";
        Answer(context => StatusAsync(context, status, $"{{\"error\":{{\"message\":\"{Said}\",\"status\":\"NOT_FOUND\"}}}}"));
        outcome = await RetrieveAsync(Study());
        Assert.Equal((status, Said, "NOT_FOUND"), (outcome.Status.Code, outcome.Error?.Message, outcome.Error?.Status));
    }

    [Theory]
    [InlineData("*", "", "The server cannot give the instances as they are stored (transfer-syntax=*).")]
    [InlineData("1.2.3", "", "The server cannot give the instances in the transfer syntax asked for (1.2.3).")]
    [InlineData("1.2.3", "No.", "The server cannot give the instances in the transfer syntax asked for (1.2.3). No.")]
    public async Task A_transfer_syntax_that_cannot_be_given_is_named(string syntax, string body, string message)
    {
        Answer(context => StatusAsync(context, 406, body));
        var outcome = await RetrieveAsync(Study() with { TransferSyntax = syntax });
        Assert.Equal((false, 406, 1, message), (outcome.Success, outcome.Status.Code, outcome.Attempts, outcome.Error?.Message));
    }

    [Theory]
    [InlineData("application/dicom+json", "A part of the answer is application/dicom+json, not application/dicom.")]
    [InlineData("text/plain; charset=utf-8", "A part of the answer is text/plain, not application/dicom.")]
    [InlineData("DOE^JOHN 19700101", "A part of the answer is an invalid type, not application/dicom.")]
    public async Task A_part_of_another_type_is_a_failure_that_names_it(string type, string message)
    {
        byte[] body = [.. WadoAnswer.Part(), .. Files[0], .. "\r\n"u8, .. WadoAnswer.Part(type), .. Files[1], .. "\r\n--BOUND--"u8];
        Answer(context => WadoAnswer.SendAsync(context, body));
        var outcome = await RetrieveAsync(Study());
        Assert.Equal(
            new RetrieveOutcome { Success = false, Status = Status(FailureCode.BadAnswer, message), Partial = true, Attempts = 1 },
            outcome);
        Assert.Equal([Files[0]], _given.Files);
    }

    [Theory]
    [InlineData("text/html", "The server answered 200 with text/html, which is not DICOM.")]
    [InlineData(null, "The server answered 200 with no content type, which is not DICOM.")]
    [InlineData("multipart/related; type=\"application/dicom\"", "The multipart answer has no valid boundary.")]
    [InlineData("multipart/related; boundary=X", "The answer broke off.")]
    public async Task An_answer_of_another_form_is_a_failure_that_says_so(string? type, string message)
    {
        Answer(context => WadoAnswer.SendAsync(context, WadoAnswer.Body(Tiny), type));
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((false, false, message), (outcome.Success, outcome.Partial, outcome.Status.Text));
    }

    [Theory]
    [InlineData("--BOUNDARY\r\n", "Text follows a boundary of the multipart answer on its line.")]
    [InlineData("--BOUND\r\nDOE^JOHN\r\n\r\n", "A header of a part of the answer is malformed.")]
    public async Task An_answer_that_is_malformed_is_a_failure_and_not_fetched_again(string end, string message)
    {
        byte[] body = [.. WadoAnswer.Part(), .. Files[0], .. "\r\n"u8, .. Encoding.ASCII.GetBytes(end), .. "\r\n--BOUND--"u8];
        Answer(context => WadoAnswer.SendAsync(context, body));
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((false, message, 1), (outcome.Success, outcome.Status.Text, outcome.Attempts));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(406)]
    [InlineData(410)]
    [InlineData(500)]
    public async Task An_error_whose_body_is_an_instance_never_quotes_a_patient(int status)
    {
        const string Row = "{\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"Test^Some\"}]}}";
        byte[][] bodies = [Files[0], WadoAnswer.Body(Files), Encoding.UTF8.GetBytes(Row), Encoding.UTF8.GetBytes($"Cannot encode {Row}")];
        foreach (var body in bodies)
        {
            foreach (var type in new[] { "application/dicom", WadoAnswer.Type, "text/plain" })
            {
                Answer(context => WadoAnswer.SendAsync(context, body, type, status));
                var outcome = await RetrieveAsync(Study());
                Assert.False(outcome.Success);
                var said = $"{outcome.Error?.Message} {outcome.Error?.Status} {outcome.Status}";
                Assert.DoesNotContain("Some", said, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_server_that_is_busy_is_asked_again(int status)
    {
        Answer(context => _accepts.Count < 3 ? StatusAsync(context, status) : WadoAnswer.SendAsync(context, WadoAnswer.Body(Files)));
        var outcome = await RetrieveAsync(Study());
        Assert.Equal((true, 3), (outcome.Success, outcome.Attempts));
        Assert.Equal(Files, _given.Files);
    }

    [Theory]
    [InlineData("", null, null, "*", "StudyInstanceUID must be a UID.")]
    [InlineData("1/../2", null, null, "*", "StudyInstanceUID must be a UID.")]
    [InlineData("1.1", "x", null, "*", "SeriesInstanceUID must be a UID.")]
    [InlineData("1.1", "1.1", "1?", "*", "SOPInstanceUID must be a UID.")]
    [InlineData("1.1", null, "1.2", "*", "SOPInstanceUID needs its SeriesInstanceUID.")]
    [InlineData("1.1", null, null, "*\r\nX: y", "The transfer syntax to ask for must be a UID or '*'.")]
    public async Task A_request_that_cannot_be_sent_is_a_failure_that_says_so(
        string study, string? series, string? instance, string syntax, string message)
    {
        var request = Study() with { StudyUid = study, SeriesUid = series, SopInstanceUid = instance, TransferSyntax = syntax };
        Assert.Equal(
            new RetrieveOutcome { Success = false, Status = Status(FailureCode.InvalidRequest, message) }, await RetrieveAsync(request));
        Assert.Empty(_host.Server.Requests);
    }

    [Fact]
    public async Task What_a_sink_leaves_is_skipped()
    {
        Answer(context => WadoAnswer.SendAsync(context, WadoAnswer.Body(Files)));
        var beginnings = new List<byte[]>();
        var outcome = await _host.Client.RetrieveInstancesAsync(Study(), new DelegateSink(async (content, token) =>
        {
            Assert.Equal((true, false, false), (content.CanRead, content.CanSeek, content.CanWrite));
            var beginning = new byte[300];
            await content.ReadExactlyAsync(beginning, token);
            beginnings.Add(beginning);
        }), CancellationToken.None);
        Assert.True(outcome.Success);
        Assert.Equal(Files.Select(file => file[..300]), beginnings);
    }

    [Fact]
    public async Task A_sink_that_takes_a_broken_part_for_whole_does_not_make_it_whole()
    {
        Answer(context => WadoAnswer.SendAsync(context, WadoAnswer.Body(Files)[..2000]));
        var outcome = await _host.Client.RetrieveInstancesAsync(Study(), new DelegateSink(async (content, token) =>
        {
            try
            {
                await content.CopyToAsync(Stream.Null, token);
            }
            catch (IOException)
            {
                // It should let this pass.
            }
        }), CancellationToken.None);
        Assert.Equal((false, false, "The answer broke off."), (outcome.Success, outcome.Partial, outcome.Status.Text));
    }

    [Fact]
    public async Task What_the_sink_throws_is_thrown_and_not_taken_for_the_servers()
    {
        Answer(context => WadoAnswer.SendAsync(context, WadoAnswer.Body(Files)));
        var failures = new Exception[]
        {
            new ObjectStoreException("full"), new IOException("pipe"), new EndOfStreamException(), new InvalidOperationException(),
            new TaskCanceledException(),
        };
        foreach (var failure in failures)
        {
            var sink = new DelegateSink((_, _) => throw failure);
            var thrown = await Assert.ThrowsAsync(
                failure.GetType(), async () => await _host.Client.RetrieveInstancesAsync(Study(), sink, CancellationToken.None));
            Assert.Same(failure, thrown);
        }

        Assert.Equal(failures.Length, _accepts.Count);
    }

    [Fact]
    public async Task A_stream_is_not_to_be_read_after_its_call()
    {
        Answer(context => WadoAnswer.SendAsync(context, WadoAnswer.Body(Files)));
        List<Stream> streams = [];
        await _host.Client.RetrieveInstancesAsync(Study(), new DelegateSink(async (content, token) =>
        {
            streams.Add(content);
            await Assert.ThrowsAsync<NotSupportedException>(() => Task.Run(() => content.ReadByte(), token));
            foreach (var earlier in streams[..^1])
                await Assert.ThrowsAsync<ObjectDisposedException>(() => earlier.ReadAtLeastAsync(new byte[1], 1).AsTask());
        }), CancellationToken.None);
        Assert.Equal(Files.Length, streams.Count);
    }

    [Fact]
    public async Task Cancelled_it_throws()
    {
        using var stop = new CancellationTokenSource();
        Answer(async context =>
        {
            await WadoAnswer.SendAsync(context, WadoAnswer.Body(Files)[..1000]);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        });
        var sink = new DelegateSink(async (content, token) =>
        {
            await stop.CancelAsync();
            await content.CopyToAsync(Stream.Null, token);
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _host.Client.RetrieveInstancesAsync(Study(), sink, stop.Token));
    }

    [Fact]
    public async Task A_server_that_falls_silent_in_a_part_times_out()
    {
        await using var host = await CoreHost.StartAsync(
            settings: [("DicomWeb:IdleTimeout", "00:00:00.050"), ("DicomWeb:MaxAttempts", "2")]);
        host.Server.Before = async context =>
        {
            await WadoAnswer.SendAsync(context, WadoAnswer.Body(Files)[..5000]);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };
        var outcome = await host.Client.RetrieveInstancesAsync(Study(), _given, CancellationToken.None);
        Assert.Equal(
            (false, true, "The server did not answer in time.", 2),
            (outcome.Success, outcome.Partial, outcome.Status.Text, outcome.Attempts));
    }

    [Fact]
    public async Task A_sink_that_takes_long_is_no_server_that_does_not_answer()
    {
        var clock = new TestClock();
        await using var host = await CoreHost.StartAsync(clock);
        host.Server.Before = context => WadoAnswer.SendAsync(context, WadoAnswer.Body(Files));
        var goes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var retrieval = host.Client.RetrieveInstancesAsync(Study(), new DelegateSink(async (content, token) =>
        {
            isAsked.TrySetResult();
            await goes.Task.WaitAsync(token);
            await _given.WriteAsync(content, token);
        }), CancellationToken.None).AsTask();
        await isAsked.Task.InTime();
        clock.Advance(TimeSpan.FromHours(1));
        goes.SetResult();
        var outcome = await retrieval.InTime();
        Assert.Equal((true, 1), (outcome.Success, outcome.Attempts));
        Assert.Equal(Files, _given.Files);
    }

    private static RetrieveRequest Study() => new() { Store = CoreHost.Store, StudyUid = "1.1" };

    private static Core.Net.OutcomeStatus Status(int code) => Core.Net.OutcomeStatus.Of(code);

    private static Core.Net.OutcomeStatus Status(string code, string text) => Core.Net.OutcomeStatus.Of(code, text);

    private static async Task<bool> StatusAsync(HttpContext context, int status, string body = "")
    {
        await FakeDicomStore.JsonAsync(context, body, status, "application/json");
        return true;
    }

    private void Answer(Func<HttpContext, Task<bool>> answer) => _host.Server.Before = context =>
    {
        _accepts.Add(context.Request.Headers.Accept.ToString());
        return answer(context);
    };

    private async Task<RetrieveOutcome> RetrieveAsync(RetrieveRequest request) =>
        await _host.Client.RetrieveInstancesAsync(request, _given, CancellationToken.None);

    private sealed class DelegateSink(Func<Stream, CancellationToken, Task> write) : IInstanceSink
    {
        public async ValueTask WriteAsync(Stream content, CancellationToken cancellationToken) => await write(content, cancellationToken);
    }
}
