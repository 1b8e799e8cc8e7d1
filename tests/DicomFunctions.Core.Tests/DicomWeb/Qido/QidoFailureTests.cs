using System.Globalization;
using System.Text;
using DicomFunctions.Core.DicomWeb;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DicomFunctions.Core.Tests.DicomWeb.Qido;

public sealed class QidoFailureTests : IAsyncLifetime
{
    private readonly SkippingTimeProvider _clock = CoreHost.SkippingClock();
    private CoreHost _host = null!;

    public async Task InitializeAsync() => _host = await CoreHost.StartAsync(
        _clock,
        settings: [
            ("DicomWeb:PageSizes:Instances", "10"), ("DicomWeb:RetryDelay", "00:00:01"), ("DicomWeb:MaxAttempts", "4"),
            ("DicomWeb:MaxRowBytes", "5000"),
        ]);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(408)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task SearchAsync_a_page_that_fails_twice_is_fetched_again(int status)
    {
        _host.Server.Rows = FakeDicomStore.Instances(25);
        FailAt("offset=10", times: 2, context => context.Response.StatusCode = status);
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.True(outcome.Success);
        Assert.Equal(_host.Server.Rows, found);
        Assert.Equal(5, outcome.Attempts);
    }

    [Theory]
    [InlineData(503, 4)]
    [InlineData(500, 4)]
    [InlineData(403, 1)]
    [InlineData(400, 1)]
    [InlineData(404, 1)]
    [InlineData(406, 1)]
    [InlineData(302, 1)]
    public async Task SearchAsync_a_page_that_fails_for_good_is_partial_and_no_success(int status, int attempts)
    {
        _host.Server.Rows = FakeDicomStore.Instances(25);
        FailAt("offset=10", times: 100, context => context.Response.StatusCode = status);
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.False(outcome.Success);
        Assert.True(outcome.Partial);
        Assert.Equal(status, outcome.Status.Code);
        Assert.Equal(_host.Server.Rows[..10], found);
        Assert.Equal(1 + attempts, outcome.Attempts);
    }

    [Fact]
    public async Task SearchAsync_whose_first_page_fails_is_not_partial()
    {
        FailAt("instances", times: 100, context => context.Response.StatusCode = 503);
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.False(outcome.Success || outcome.Partial);
        Assert.Empty(found);
    }

    [Fact]
    public async Task SearchAsync_waits_double_and_keep_to_retry_after()
    {
        FailAt("instances", times: 3, context =>
        {
            context.Response.StatusCode = 500;
            if (_host.Server.Requests.Count == 2)
                context.Response.Headers.RetryAfter = "45";
        });
        await _host.SearchAsync(Instances());
        var waits = _clock.Waits.Where(wait => wait > TimeSpan.Zero).ToArray();
        Assert.Equal(3, waits.Length);
        Assert.InRange(waits[0].TotalSeconds, 1, 2);
        Assert.Equal(45, waits[1].TotalSeconds);
        Assert.InRange(waits[2].TotalSeconds, 4, 5);
    }

    [Theory]
    [InlineData(503, 0.125)]
    [InlineData(500, 0.125)]
    [InlineData(429, 1)]
    public async Task SearchAsync_a_failure_among_many_answers_is_soon_tried_again_unless_it_is_of_the_quota(int status, double unit)
    {
        for (var i = 0; i < 20; i++)
            await _host.SearchAsync(Instances());
        FailAt("instances", times: 3, context => context.Response.StatusCode = status);
        Assert.Equal(4, (await _host.SearchAsync(Instances())).Outcome.Attempts);
        var waits = _clock.Waits.Where(wait => wait > TimeSpan.Zero).Select(wait => wait.TotalSeconds).ToArray();
        Assert.Equal(3, waits.Length);
        Assert.InRange(waits[0], unit, 2 * unit);
        Assert.InRange(waits[1], 2 * unit, 3 * unit);
        Assert.InRange(waits[2], 4, 5);
    }

    [Fact]
    public async Task SearchAsync_a_sink_that_takes_long_is_no_server_that_does_not_answer()
    {
        var clock = new TestClock();
        await using var host = await CoreHost.StartAsync(clock);
        host.Server.Rows = FakeDicomStore.Instances(3);
        var sink = new SlowSink();
        var search = host.Client.SearchAsync(Instances() with { Limit = 3 }, sink, CancellationToken.None).AsTask();
        await sink.IsAsked.Task.InTime();
        await Eventually.HoldsAsync(() => clock.NextTimer is null, "the request's time stands still");
        clock.Advance(TimeSpan.FromHours(1));
        sink.Goes.SetResult();
        var outcome = await search.InTime();
        Assert.Equal((true, 1), (outcome.Success, outcome.Attempts));
    }

    [Fact]
    public async Task SearchAsync_retry_after_a_date_is_waited_for()
    {
        FailAt("instances", times: 1, context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = _clock.GetUtcNow().AddSeconds(30).ToString("R", CultureInfo.InvariantCulture);
        });
        var (outcome, _) = await _host.SearchAsync(Instances());
        Assert.True(outcome.Success);
        Assert.InRange(_clock.Waits.Max().TotalSeconds, 28, 31);
    }

    [Fact]
    public async Task SearchAsync_a_dropped_connection_is_tried_again()
    {
        _host.Server.Rows = FakeDicomStore.Instances(15);
        FailAt("offset=10", times: 2, context => context.Abort());
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.True(outcome.Success);
        Assert.Equal(_host.Server.Rows, found);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SearchAsync_a_truncated_body_is_fetched_again_without_duplicates(bool hasLength)
    {
        _host.Server.Rows = FakeDicomStore.Instances(10);
        var body = Encoding.UTF8.GetBytes($"[{string.Join(',', _host.Server.Rows)}]");
        var times = 0;
        _host.Server.Before = async context =>
        {
            if (++times > 2)
                return false;
            context.Response.ContentLength = hasLength ? body.Length : null;
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length - (times * 300)));
            if (hasLength)
                context.Abort();
            return true;
        };
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.True(outcome.Success, outcome.Status.ToString());
        Assert.Equal(_host.Server.Rows, found);
        Assert.Equal(4, outcome.Attempts);
    }

    [Theory]
    [InlineData("{\"error\":{\"code\":403,\"message\":\"Not you.\",\"status\":\"PERMISSION_DENIED\"}}", "Not you.", "PERMISSION_DENIED")]
    [InlineData("[{\"error\":{\"code\":403,\"message\":\"Not you.\",\"status\":\"PERMISSION_DENIED\"}}]", "Not you.", "PERMISSION_DENIED")]
    [InlineData("{\"error\":\"invalid_grant\"}", "invalid_grant", null)]
    [InlineData("\uFEFF{\"error\":{\"message\":\"Not you.\",\"status\":\"PERMISSION_DENIED\"}}", "Not you.", "PERMISSION_DENIED")]
    [InlineData("\uFEFFNot you.", "Not you.", null)]
    [InlineData("{\"Message\":\"Unknown resource\",\"Details\":\"x\"}", "Unknown resource", null)]
    [InlineData("{\"title\":\"Bad\",\"detail\":\"The detail.\"}", "The detail.", null)]
    [InlineData("  plain words \n", "plain words", null)]
    [InlineData("<html><head><TITLE> 403 Forbidden </TITLE></head></html>", "403 Forbidden", null)]
    [InlineData("<Error/>", "(a page of markup)", null)]
    [InlineData("{\"a\":1}", "(JSON without a message)", null)]
    [InlineData("[]", "(JSON without a message)", null)]
    [InlineData("{\"error\":{\"message\":\"\\ud800\"}}", "(JSON without a message)", null)]
    [InlineData("\u0000\u0001", "(no text)", null)]
    [InlineData("", null, null)]
    [InlineData(" \n", null, null)]
    public async Task SearchAsync_error_bodies_are_read_in_their_shapes(string body, string? message, string? status)
    {
        FailAt("instances", times: 1, context => FakeDicomStore.JsonAsync(context, body, 403, "application/json").GetAwaiter().GetResult());
        var (outcome, _) = await _host.SearchAsync(Instances());
        Assert.Equal(403, outcome.Status.Code);
        Assert.Equal(message, outcome.Error?.Message);
        Assert.Equal(status, outcome.Error?.Status);
    }

    [Fact]
    public async Task SearchAsync_an_error_of_many_words_is_cut_between_characters()
    {
        var body = new string('x', 499) + "🙂" + new string('y', 100_000);
        FailAt("instances", times: 1, context => FakeDicomStore.JsonAsync(context, body, 400, "text/plain").GetAwaiter().GetResult());
        var (outcome, _) = await _host.SearchAsync(Instances());
        Assert.Equal(new string('x', 499) + "…", outcome.Error!.Message);
    }

    [Theory]
    [InlineData("<html>Please sign in</html>", "text/html")]
    [InlineData("{\"00080018\":{}}", "application/dicom+json")]
    [InlineData("[{\"a\":1}]trailing", "application/dicom+json")]
    [InlineData("[{\"a\":NaN}]", "application/dicom+json")]
    public async Task SearchAsync_an_answer_that_is_no_DICOM_JSON_is_a_failure_and_not_tried_again(string body, string type)
    {
        _host.Server.Before = async context =>
        {
            await FakeDicomStore.JsonAsync(context, body, 200, type);
            return true;
        };
        var (outcome, _) = await _host.SearchAsync(Instances());
        Assert.False(outcome.Success);
        Assert.StartsWith($"The server answered 200 with {type}, which is not DICOM JSON:", outcome.Status.Text, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Attempts);
    }

    [Fact]
    public async Task SearchAsync_empty_array_is_a_success_of_200()
    {
        _host.Server.Before = async context =>
        {
            await FakeDicomStore.JsonAsync(context, "[]");
            return true;
        };
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.Equal((true, 200, 0), (outcome.Success, outcome.Status.Code, found.Count));
    }

    [Fact]
    public async Task SearchAsync_a_row_over_the_limit_fails()
    {
        _host.Server.Rows = ["{\"a\":\"" + new string('x', 5000) + "\"}"];
        var (outcome, found) = await _host.SearchAsync(Instances());
        Assert.False(outcome.Success);
        Assert.Empty(found);
        Assert.Contains("5000 bytes", outcome.Status.Text, StringComparison.Ordinal);
        _host.Server.Rows = ["{\"a\":\"" + new string('x', 4000) + "\"}"];
        (outcome, found) = await _host.SearchAsync(Instances());
        Assert.True(outcome.Success);
        Assert.Single(found);
    }

    [Fact]
    public async Task SearchAsync_rows_over_many_lines_are_on_one()
    {
        _host.Server.Rows = ["{\r\n\t\"00080018\" : { \"vr\":\"UI\",\n \"Value\":[\"1.2\"] },\n\"a\":\"\\n\"}"];
        var (_, found) = await _host.SearchAsync(Instances());
        Assert.Equal("{   \"00080018\" : { \"vr\":\"UI\",  \"Value\":[\"1.2\"] }, \"a\":\"\\n\"}", Assert.Single(found));
    }

    [Fact]
    public async Task SearchAsync_a_server_that_is_not_there_is_a_text_and_no_exception()
    {
        await using var host = await CoreHost.StartAsync(
            CoreHost.SkippingClock(), settings: [("DicomWeb:BaseUrl", "http://127.0.0.1:1/v1"), ("DicomWeb:MaxAttempts", "3")]);
        var (outcome, _) = await host.SearchAsync(Instances());
        Assert.Equal((false, 0, 3), (outcome.Success, outcome.Status.Code, outcome.Attempts));
        Assert.Equal("The server refused the connection.", outcome.Status.Text);
    }

    [Fact]
    public async Task SearchAsync_a_server_that_says_nothing_times_out()
    {
        await using var host = await CoreHost.StartAsync(
            settings: [("DicomWeb:IdleTimeout", "00:00:00.050"), ("DicomWeb:MaxAttempts", "2")]);
        host.Server.Before = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };
        var (outcome, _) = await host.SearchAsync(Instances());
        Assert.Equal("The server did not answer in time.", outcome.Status.Text);
        Assert.Equal(2, outcome.Attempts);
    }

    [Fact]
    public async Task SearchAsync_cancelled_throws()
    {
        using var stop = new CancellationTokenSource();
        _host.Server.Before = async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _host.Client.SearchAsync(Instances(), new ThrowingSink(new InvalidOperationException()), stop.Token));
    }

    [Fact]
    public async Task SearchAsync_throws_what_the_sink_throws_and_does_not_take_it_for_the_servers()
    {
        _host.Server.Rows = FakeDicomStore.Instances(3);
        foreach (var failure
            in new Exception[] { new ObjectStoreException("full"), new IOException("pipe"), new InvalidOperationException() })
        {
            var thrown = await Assert.ThrowsAsync(
                failure.GetType(), async () => await _host.Client
                    .SearchAsync(Instances(), new ThrowingSink(failure), CancellationToken.None));
            Assert.Same(failure, thrown);
        }

        Assert.Equal(3, _host.Server.Requests.Count);
    }

    private void FailAt(string part, int times, Action<HttpContext> how)
    {
        _host.Server.Before = context =>
        {
            if (!(context.Request.Path + context.Request.QueryString.Value).Contains(part, StringComparison.Ordinal) || times-- <= 0)
                return Task.FromResult(false);
            how(context);
            return Task.FromResult(true);
        };
    }

    private static QidoRequest Instances() => new() { Store = CoreHost.Store, Level = QidoLevel.Instances };

    private sealed class ThrowingSink(Exception exception) : IDicomJsonSink
    {
        public async ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
        {
            await Task.Yield();
            throw exception;
        }
    }

    private sealed class SlowSink : IDicomJsonSink
    {
        public TaskCompletionSource IsAsked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Goes { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> dataset, CancellationToken cancellationToken)
        {
            IsAsked.TrySetResult();
            await Goes.Task.WaitAsync(cancellationToken);
        }
    }
}
