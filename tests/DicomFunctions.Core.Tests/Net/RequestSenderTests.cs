using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Net;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Net;

/// <summary>A sender that tries three times, a second apart, by a clock that stands still.</summary>
public sealed class RequestSenderTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly AnsweringHandler _server = new();
    private readonly HttpMessageInvoker _http;

    public RequestSenderTests() => _http = new HttpMessageInvoker(_server);

    public static TheoryData<Exception, string, bool> Exceptions => new()
    {
        { new TaskCanceledException(), "The server did not answer in time.", true },
        { Http(new SocketException((int)SocketError.HostNotFound)), "The server's name is not known.", true },
        { Http(new SocketException((int)SocketError.ConnectionRefused)), "The server refused the connection.", true },
        { Http(new AuthenticationException()), "The server's TLS certificate is not trusted.", false },
        { new HttpRequestException(HttpRequestError.ConnectionError), "No connection to the server.", true },
        { new SocketException((int)SocketError.ConnectionReset), "No connection to the server.", true },
        { new HttpRequestException(HttpRequestError.InvalidResponse), "The server's answer is not HTTP.", true },
        { new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded), "The server's answer is longer than allowed.", true },
        { new IOException("/a/path"), "The connection broke before the answer was complete.", true },
        { new InvalidDataException(), "The connection broke before the answer was complete.", true },
    };

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task An_answer_is_read_once_and_disposed()
    {
        var exchange = new TextExchange();
        var outcome = await Sender().SendAsync(exchange, CancellationToken.None);
        Assert.Equal((true, 200, "hello", 1), (outcome.Success, outcome.Status.Code, exchange.Text, exchange.Attempts));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _server.Last!.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_answer_that_the_exchange_keeps_is_not_disposed()
    {
        await Sender().SendAsync(new TextExchange(keeps: true), CancellationToken.None);
        Assert.Equal("hello", await _server.Last!.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Exceptions))]
    public async Task An_exception_becomes_a_failure_in_words(Exception exception, string expected, bool isTransient)
    {
        _server.Answer = _ => throw exception;
        var sending = Sender().SendAsync(new TextExchange(), CancellationToken.None).AsTask();
        var outcome = await TimePassesAsync(sending);
        Assert.Equal((false, expected, isTransient), (outcome.Success, outcome.Status.Text, outcome.IsTransient));
        Assert.Same(exception, outcome.Cause);
        Assert.Equal(isTransient ? 3 : 1, _server.Requests.Count);
    }

    [Theory]
    [InlineData(408, 3)]
    [InlineData(429, 3)]
    [InlineData(503, 3)]
    [InlineData(501, 1)]
    [InlineData(403, 1)]
    [InlineData(302, 1)]
    public async Task A_refusal_is_sent_again_if_the_policy_says_so(int status, int attempts)
    {
        _server.Answer = _ => Text((HttpStatusCode)status, """{"error":{"message":"no","status":"NO"}}""");
        var exchange = new TextExchange();
        var outcome = await TimePassesAsync(Sender().SendAsync(exchange, CancellationToken.None).AsTask());
        Assert.Equal((status, "no", attempts), (outcome.Status.Code, outcome.Error?.Message, exchange.Attempts));
    }

    [Fact]
    public async Task By_default_nothing_is_sent_again()
    {
        _server.Answer = static _ => Text(HttpStatusCode.ServiceUnavailable, "");
        var outcome = await new RequestSender(_http, new NumberedTokens(), new SendPolicy(), _clock)
            .SendAsync(new TextExchange(), CancellationToken.None);
        Assert.True(outcome.IsTransient);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(20, false)]
    [InlineData(500, false)]
    public async Task RetryAfter_as_a_length_or_a_date_is_waited_for_up_to_the_longest(int seconds, bool isDate)
    {
        _server.Answer = _ =>
        {
            if (_server.Requests.Count > 1)
                return Text(HttpStatusCode.OK, "hello");
            var refusal = Text(HttpStatusCode.ServiceUnavailable, "");
            refusal.Headers.RetryAfter = isDate
                ? new RetryConditionHeaderValue(TruncateToSeconds(_clock.GetUtcNow().AddSeconds(seconds)))
                : new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
            return refusal;
        };
        var sending = Sender().SendAsync(new TextExchange(), CancellationToken.None).AsTask();
        var expected = TimeSpan.FromSeconds(Math.Min(seconds, 60));
        Assert.Equal(expected, _clock.NextTimer);
        _clock.Advance(expected);
        Assert.True((await sending.InTime()).Success);
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once_and_is_no_attempt_of_its_own()
    {
        _server.Answer = request =>
            Text(request.Headers.Authorization!.Parameter == "t1" ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, "hello");
        Assert.True((await Sender().SendAsync(new TextExchange(), CancellationToken.None)).Success);
        Assert.Equal(["Bearer t1", "Bearer t2"], _server.Requests);

        _server.Answer = static _ => Text(HttpStatusCode.Unauthorized, "");
        Assert.Equal(401, (await Sender().SendAsync(new TextExchange(), CancellationToken.None)).Status.Code);
        Assert.Equal(4, _server.Requests.Count);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_sent_and_the_reason_tells_no_message_of_unknown_origin()
    {
        var exchange = new TextExchange();
        var outcome = await Sender(new BrokenTokens(new AccessTokenException("Log in first."))).SendAsync(exchange, CancellationToken.None);
        Assert.Equal((RequestFailure.NoToken, false, "Log in first."), (outcome.Failure, outcome.IsTransient, outcome.Status.Text));

        outcome = await Sender(new BrokenTokens(new InvalidOperationException("secret"))).SendAsync(exchange, CancellationToken.None);
        Assert.Equal(
            (RequestFailure.NoToken, "Could not obtain an access token: InvalidOperationException. Check the credentials of this host."),
            (outcome.Failure, outcome.Status.Text));
        Assert.Equal((0, 0), (exchange.Attempts, _server.Requests.Count));
    }

    [Fact]
    public async Task A_silent_server_is_given_up_after_the_idle_timeout()
    {
        _server.IsSilent = true;
        var sending = Sender().SendAsync(new TextExchange(), CancellationToken.None).AsTask();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await Eventually.HoldsAsync(
                () => _server.Requests.Count == attempt && _clock.NextTimer == TimeSpan.FromSeconds(100), "it is sent");
            _clock.Advance(TimeSpan.FromSeconds(100));
            if (attempt < 3)
                await Eventually.HoldsAsync(() => _clock.NextTimer == TimeSpan.FromSeconds(1), "the next attempt is waited for");
            _clock.Advance(TimeSpan.FromSeconds(attempt < 3 ? 1 : 0));
        }

        var outcome = await sending.InTime();
        Assert.Equal((RequestFailure.TimedOut, "The server did not answer in time."), (outcome.Failure, outcome.Status.Text));
    }

    [Fact]
    public async Task No_attempt_begins_after_the_longest_duration()
    {
        _server.Answer = _ =>
        {
            _clock.Advance(TimeSpan.FromMinutes(6));
            return Text(HttpStatusCode.ServiceUnavailable, "");
        };
        Assert.Equal(503, (await Sender().SendAsync(new TextExchange(), CancellationToken.None)).Status.Code);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_wait_is_told_to_the_worker_which_may_take_the_last_answer()
    {
        _server.Answer = static _ => Text(HttpStatusCode.ServiceUnavailable, "");
        var worker = new Worker();
        worker.Enter();
        using var stop = new CancellationTokenSource();
        var sending = Sender().SendAsync(new TextExchange(), stop.Token).AsTask();
        Assert.Equal(1, worker.Waits);
        await stop.CancelAsync();
        Assert.Equal(503, (await sending.InTime()).Status.Code);

        worker.TakesAnswers = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Sender().SendAsync(new TextExchange(), stop.Token).AsTask());

        var told = worker.Waits;
        RequestWaits.Leave();
        await TimePassesAsync(Sender().SendAsync(new TextExchange(), CancellationToken.None).AsTask());
        Assert.Equal(told, worker.Waits);
    }

    private static HttpRequestException Http(Exception inner) => new("", inner);

    private static HttpResponseMessage Text(HttpStatusCode status, string text) => new(status) { Content = new StringContent(text) };

    private static DateTimeOffset TruncateToSeconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private RequestSender Sender(IAccessTokenSource? tokens = null) => new(
        _http,
        tokens ?? new NumberedTokens(),
        new EverySecond
        {
            MaxAttempts = 3,
            MaxDuration = TimeSpan.FromMinutes(5),
            MaxRetryAfter = TimeSpan.FromSeconds(60),
            IdleTimeout = TimeSpan.FromSeconds(100),
        },
        _clock);

    private async Task<RequestOutcome> TimePassesAsync(Task<RequestOutcome> sending)
    {
        await Eventually.HoldsAsync(
            () =>
            {
                if (_clock.NextTimer is { } next)
                    _clock.Advance(next);
                return sending.IsCompleted;
            },
            "it is sent");
        return await sending;
    }

    private sealed class EverySecond : SendPolicy
    {
        public override TimeSpan DelayAfter(int attempts, in RequestOutcome outcome, bool isWell) =>
            outcome.RetryAfter ?? TimeSpan.FromSeconds(1);
    }

    private sealed class TextExchange(bool keeps = false) : Exchange
    {
        public override string Operation => "text";

        public string? Text { get; private set; }

        public override HttpRequestMessage CreateRequest(IdleTimer idle) => new(HttpMethod.Get, "http://server/");

        public override bool Understands(int statusCode) => statusCode == 200;

        public override async ValueTask<RequestOutcome> ReadAsync(
            HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken)
        {
            KeepsResponse = keeps;
            if (!keeps)
                Text = await response.Content.ReadAsStringAsync(cancellationToken);
            return RequestOutcome.Succeeded(200);
        }
    }

    private sealed class AnsweringHandler : HttpMessageHandler
    {
        public List<string> Requests { get; } = [];

        public HttpResponseMessage? Last { get; private set; }

        public bool IsSilent { get; set; }

        public Func<HttpRequestMessage, HttpResponseMessage> Answer { get; set; } = static _ => Text(HttpStatusCode.OK, "hello");

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(request.Headers.Authorization!.ToString());
            if (IsSilent)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return Last = Answer(request);
        }
    }

    private sealed class BrokenTokens(Exception exception) : IAccessTokenSource
    {
        public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) => ValueTask.FromException<string?>(exception);

        public void Invalidate(string token)
        {
        }
    }

    private sealed class Worker : RequestWaits
    {
        public int Waits { get; private set; }

        public bool TakesAnswers { get; set; } = true;

        public override bool TakesLastAnswers => TakesAnswers;

        public override Task AsideAsync(Task wait)
        {
            Waits++;
            return wait;
        }
    }
}
