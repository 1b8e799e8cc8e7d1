using System.IO.Compression;
using System.Net;
using System.Text;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Qido;

/// <summary>
/// What the bytes of an answer come to: empty in every way, marked, deep, long, or of a patient where an error should be.
/// </summary>
public sealed class QidoAnswerTests : IAsyncLifetime
{
    private CoreHost _host = null!;

    public enum Framing
    {
        Length,
        Chunked,
        ChunkedGzip,
        GzipWithLength,
        EndOfConnection,
        Http2,
    }

    public static TheoryData<Framing, string> EmptyAnswers
    {
        get
        {
            var answers = new TheoryData<Framing, string>();
            foreach (var framing in Enum.GetValues<Framing>())
            {
                foreach (var body in new[] { "", " ", "\r\n\t ", "\uFEFF", "[]", "\uFEFF [ ]\n" })
                {
                    // Where nothing but the end of the connection ends an answer, that may as well have broken.
                    if (framing != Framing.EndOfConnection || body.Contains('[', StringComparison.Ordinal))
                        answers.Add(framing, body);
                }
            }

            return answers;
        }
    }

    public static TheoryData<int, string> ErrorsWithRows
    {
        get
        {
            const string Row =
                "{\"00100010\":{\"vr\":\"PN\",\"Value\":[{\"Alphabetic\":\"DOE^JOHN\"}]},\"00100020\":{\"vr\":\"LO\","
                + "\"Value\":[\"ID-77\"]}}";
            string[] bodies =
            [
                Row,
                $"[{Row}]",
                $"[{Row},{Row}",
                $"\uFEFF[{Row}]",
                "[" + string.Join(',', Enumerable.Repeat(Row, 500)) + "]",
                $"--b\r\nContent-Type: application/dicom+json\r\n\r\n{Row}\r\n--b--",
                $"Cannot encode {Row}",
                $"{{\"error\":{{\"message\":\"Cannot encode {Row.Replace("\"", "\\\"", StringComparison.Ordinal)}\"}}}}",
                "<?xml version=\"1.0\"?><NativeDicomModel><DicomAttribute keyword=\"PatientName\">DOE^JOHN "
                + "ID-77</DicomAttribute></NativeDicomModel>",
                "Failed: <DicomAttribute keyword=\"PatientID\"><Value>ID-77</Value></DicomAttribute> DOE^JOHN",
                "\0\0\0\0DICM PN DOE^JOHN LO ID-77",
            ];
            var errors = new TheoryData<int, string>();
            foreach (var status in new[] { 201, 203, 300, 302, 400, 403, 404, 406, 409, 500, 503 })
            {
                foreach (var body in bodies)
                    errors.Add(status, body);
            }

            return errors;
        }
    }

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync(
        CoreHost.SkippingClock(),
        settings: [
            ("DicomWeb:PageSizes:Instances", "10"), ("DicomWeb:MaxRows", "25"), ("DicomWeb:MaxBytes", "1048576"),
            ("DicomWeb:MaxAttempts", "3"),
        ]);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(EmptyAnswers))]
    public async Task SearchAsync_an_empty_answer_is_a_success_however_it_is_sent(Framing framing, string body)
    {
        if (framing == Framing.Http2)
        {
            // Over clear text no HTTP/2 is negotiated, so the answer is made in the process.
            await using var host = await CoreHost.StartAsync(
                configure: services => services.AddSingleton(new HttpMessageInvoker(new Http2Answer(body))));
            await CheckAsync(host);
            return;
        }

        if (framing == Framing.EndOfConnection)
        {
            await using var server = new ClosingServer(Encoding.UTF8.GetBytes(body));
            await using var host = await CoreHost.StartAsync(CoreHost.SkippingClock(), settings: ("DicomWeb:BaseUrl", server.BaseUrl));
            await CheckAsync(host);
            return;
        }

        _host.Server.Before = context => AnswerAsync(context, framing, Encoding.UTF8.GetBytes(body));
        await CheckAsync(_host);

        static async Task CheckAsync(CoreHost host)
        {
            var (outcome, found) = await host.SearchAsync(Instances());
            Assert.True(outcome.Success, outcome.Status.ToString());
            Assert.Empty(found);
            Assert.Equal(1, outcome.Attempts);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\uFEFF")]
    public async Task SearchAsync_a_blank_answer_that_ends_with_its_connection_is_not_believed(string body)
    {
        await using var server = new ClosingServer(Encoding.UTF8.GetBytes(body));
        await using var host = await CoreHost.StartAsync(
            CoreHost.SkippingClock(), settings: [("DicomWeb:BaseUrl", server.BaseUrl), ("DicomWeb:MaxAttempts", "3")]);
        var (outcome, _) = await host.SearchAsync(Instances());
        Assert.Equal((false, 3, "The answer broke off."), (outcome.Success, outcome.Attempts, outcome.Status.Text));
    }

    [Fact]
    public async Task SearchAsync_a_zipped_answer_cut_anywhere_is_fetched_again()
    {
        _host.Server.Rows = FakeDicomStore.Instances(2);
        foreach (var text in new[] { " ", "[]", $"[{_host.Server.Rows[0]}]" })
        {
            var whole = Zipped(Encoding.UTF8.GetBytes(text));
            for (var length = 1; length < whole.Length; length++)
            {
                var cut = whole[..length];
                var cuts = 1;
                _host.Server.Before = async context =>
                {
                    if (cuts-- <= 0)
                        return false;
                    context.Response.Headers.ContentEncoding = "gzip";
                    context.Response.ContentLength = cut.Length;
                    await context.Response.Body.WriteAsync(cut);
                    return true;
                };
                var (outcome, found) = await _host.SearchAsync(Instances());
                Assert.True(outcome.Success, $"{text} cut at {length}: {outcome.Status}");
                Assert.Equal(_host.Server.Rows, found);
            }
        }
    }

    [Fact]
    public async Task SearchAsync_partial_content_without_rows_is_a_failure()
    {
        _host.Server.Before = async context =>
        {
            await FakeDicomStore.JsonAsync(context, "[]", 206);
            return true;
        };
        var (outcome, _) = await _host.SearchAsync(Instances());
        Assert.False(outcome.Success);
        Assert.Equal("The server says that there are more rows, but returns none.", outcome.Status.Text);
    }

    [Theory]
    [MemberData(nameof(ErrorsWithRows))]
    public async Task SearchAsync_an_error_whose_body_has_rows_never_quotes_a_patient(int status, string body)
    {
        foreach (var type in new[] { "application/dicom+json", "application/json", "text/plain", "application/octet-stream" })
        {
            _host.Server.Before = async context =>
            {
                await FakeDicomStore.JsonAsync(context, body, status, type);
                return true;
            };
            var (outcome, found) = await _host.SearchAsync(Instances());
            Assert.False(outcome.Success);
            Assert.Empty(found);
            var said = $"{outcome.Error?.Message} {outcome.Error?.Status} {outcome.Status}";
            Assert.DoesNotContain("DOE", said, StringComparison.Ordinal);
            Assert.DoesNotContain("ID-77", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task SearchAsync_a_row_that_is_too_deep_is_left_out_and_named_and_the_others_are_there()
    {
        var rows = FakeDicomStore.Instances(12);
        var deep = rows[7][..^1] + ",\"a\":" + new string('[', 512) + new string(']', 512) + "}";
        _host.Server.Rows = [.. rows[..7], deep, .. rows[8..]];
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.Equal([.. rows[..7], .. rows[8..]], found);
        Assert.Equal((false, true), (outcome.Success, outcome.Partial));
        Assert.Equal(
            "Row 8 of the answer is nested more than 512 levels deep and was left out: SOPInstanceUID 1.2.7.", outcome.Status.Text);

        // It takes its place in the window.
        (outcome, found) = await _host.SearchAsync(Instances() with { Limit = 8 });
        Assert.Equal((7, false), (found.Count, outcome.Success));
        (outcome, found) = await _host.SearchAsync(Instances() with { Limit = 7 });
        Assert.Equal((7, true), (found.Count, outcome.Success));
    }

    [Theory]
    [InlineData(24, null, true)]
    [InlineData(25, null, true)]
    [InlineData(26, null, false)]
    [InlineData(1000, null, false)]
    [InlineData(1000, 25L, true)]
    [InlineData(1000, 26L, false)]
    public async Task SearchAsync_more_than_max_rows_is_partial_and_says_so(int rows, long? limit, bool isWhole)
    {
        _host.Server.Rows = FakeDicomStore.Instances(rows);
        var (outcome, found) = await _host.SearchAsync(Instances() with { Limit = limit });
        Assert.Equal(_host.Server.Rows.Take(25), found);
        Assert.Equal((isWhole, !isWhole), (outcome.Success, outcome.Partial));
        if (!isWhole)
            Assert.StartsWith("More than 25 rows match; the others were left out.", outcome.Status.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SearchAsync_rows_over_max_bytes_end_before_the_one_that_is_too_many()
    {
        var rows = Enumerable.Range(0, 20)
            .Select(i => FakeDicomStore.Row($"1.2.{i}")[..^1] + ",\"a\":\"" + new string('x', 100_000) + "\"}")
            .ToList();
        _host.Server.Rows = rows;
        _host.Server.PageCap = 3;
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.Equal(rows.Take(10), found);
        Assert.Equal((false, true), (outcome.Success, outcome.Partial));
        Assert.StartsWith("The answer is longer than 1048576 bytes", outcome.Status.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{row},")]
    [InlineData(" ")]
    [InlineData("{new},")]
    public async Task SearchAsync_an_answer_without_end_ends_as_a_failure(string piece)
    {
        _host.Server.Before = async context =>
        {
            context.Response.ContentType = "application/dicom+json";
            await context.Response.WriteAsync("[");
            try
            {
                for (var i = 0; !context.RequestAborted.IsCancellationRequested; i++)
                {
                    var text = piece.Replace("{row}", FakeDicomStore.Row("1.2"), StringComparison.Ordinal)
                        .Replace("{new}", FakeDicomStore.Row($"1.{i}"), StringComparison.Ordinal);
                    await context.Response.WriteAsync(
                        string.Concat(Enumerable.Repeat(text, piece == "{new}," ? 1 : 100)), context.RequestAborted);
                }
            }
            catch (OperationCanceledException)
            {
                // The client has had enough.
            }

            return true;
        };
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.False(outcome.Success);
        Assert.Equal(found.Count > 0, outcome.Partial);
        Assert.InRange(found.Count, 0, 25);
        Assert.Equal(1, outcome.Attempts);
    }

    private static async Task<bool> AnswerAsync(HttpContext context, Framing framing, byte[] body)
    {
        context.Response.ContentType = "application/dicom+json";
        if (framing is Framing.ChunkedGzip or Framing.GzipWithLength)
        {
            context.Response.Headers.ContentEncoding = "gzip";
            body = Zipped(body);
        }

        if (framing is Framing.Length or Framing.GzipWithLength)
        {
            context.Response.ContentLength = body.Length;
        }

        await context.Response.StartAsync();
        await context.Response.Body.WriteAsync(body);
        return true;
    }

    private static byte[] Zipped(byte[] body)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(body);
        return zipped.ToArray();
    }

    private static QidoRequest Instances() => new() { Store = CoreHost.Store, Level = QidoLevel.Instances };

    private sealed class Http2Answer(string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
            {
                Version = HttpVersion.Version20,
                Content = new StreamContent(new UnknownLength(Encoding.UTF8.GetBytes(body))),
            });
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
