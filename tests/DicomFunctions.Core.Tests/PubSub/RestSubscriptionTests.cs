using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace DicomFunctions.Core.Tests.PubSub;

public sealed class RestSubscriptionTests : IDisposable
{
    private const string Subscription = "https://pubsub.googleapis.com/v1/projects/p/subscriptions/sub";

    private readonly TestClock _clock = new();
    private readonly List<(string Method, string Url, string? Authorization, string Body)> _requests = [];
    private readonly StoreHandler _server = new();
    private readonly HttpMessageInvoker _http;
    private Func<string, HttpResponseMessage?> _answer = static _ => Json("{}");

    public RestSubscriptionTests()
    {
        _server.Answer = (request, body) =>
        {
            var url = request.RequestUri!.OriginalString;
            _requests.Add((request.Method.Method, url, request.Headers.Authorization?.Parameter, Encoding.UTF8.GetString(body)));
            return _answer(url[Subscription.Length..].TrimStart(':'));
        };
        _http = new HttpMessageInvoker(_server);
    }

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task PullAsync_gives_the_messages()
    {
        _answer = static _ => Json(
            """{"receivedMessages":[{"ackId":"a","message":{"data":"aGk=","attributes":{"k":"v"},"messageId":"7","publishTime":"t"}}]}""");
        var message = Assert.Single(await Open().PullAsync(12, CancellationToken.None));
        Assert.Equal(
            ("a", "hi", "v", "7", "t"),
            (message.AckId, Encoding.UTF8.GetString(message.Data.Span), message.Attributes["k"], message.MessageId, message.PublishTime));
        Assert.Equal([("POST", Subscription + ":pull", "t1", """{"maxMessages":12}""")], _requests);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"receivedMessages":[]}""")]
    public async Task PullAsync_nothing_waits_gives_none(string body)
    {
        _answer = _ => Json(body);
        Assert.Empty(await Open().PullAsync(1, CancellationToken.None));
    }

    [Theory]
    [InlineData("<html>", "application/json")]
    [InlineData("{}", "application/json; charset=none")]
    public async Task PullAsync_an_answer_that_is_no_JSON_is_an_exception_that_says_so(string body, string type)
    {
        _answer = _ =>
        {
            var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            return new(HttpStatusCode.OK) { Content = content };
        };
        await ThrowsAsync(
            "Pub/Sub answered to pull with something that is not its JSON. Check the base URL.", Open()
                .PullAsync(1, CancellationToken.None));
    }

    /// <summary>The pump pulls again: a second attempt here would only hold it up.</summary>
    [Theory]
    [InlineData(429, "Pub/Sub answered 429 to pull: the quota is used up.")]
    [InlineData(503, "Pub/Sub answered 503 to pull: the request failed.")]
    [InlineData(404, "Pub/Sub answered 404 to pull: there is no such subscription.")]
    [InlineData(0, "Pub/Sub could not be reached for pull.")]
    public async Task A_refusal_or_a_broken_connection_is_not_sent_again(int status, string message)
    {
        _answer = _ => status == 0 ? null : new((HttpStatusCode)status);
        await ThrowsAsync(message, Open().PullAsync(1, CancellationToken.None));
        Assert.Single(_requests);
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once()
    {
        _answer = _ => _requests.Count == 1 ? new(HttpStatusCode.Unauthorized) : Json("{}");
        await Open().AcknowledgeAsync(["a"], CancellationToken.None);
        Assert.Equal(
            [("t1", """{"ackIds":["a"]}"""), ("t2", """{"ackIds":["a"]}""")],
            _requests.Select(request => (request.Authorization, request.Body)));

        _answer = static _ => new(HttpStatusCode.Unauthorized);
        await ThrowsAsync(
            "Pub/Sub answered 401 to acknowledge: the credentials were refused.", Open().AcknowledgeAsync(["a"], CancellationToken.None));
        Assert.Equal(4, _requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_token_nothing_is_sent(bool isOfHost)
    {
        var reason = new AccessTokenException("secret", isOfHost ? new OutOfMemoryException() : new IOException());
        var thrown = await ThrowsAsync(
            "Could not obtain an access token for Pub/Sub. Check the credentials of this host.",
            Open(new NoTokens(reason)).PullAsync(1, CancellationToken.None));
        Assert.Same(reason, thrown.InnerException);
        Assert.Empty(_requests);
    }

    [Fact]
    public async Task A_host_without_a_free_descriptor_cannot_reach_Pub_Sub()
    {
        _answer = static _ => throw new HttpRequestException("", new SocketException((int)SocketError.TooManyOpenSockets));
        await ThrowsAsync("Pub/Sub could not be reached for pull.", Open().PullAsync(1, CancellationToken.None));
    }

    [Fact]
    public async Task ExtendAsync_many_long_ids_are_sent_in_requests_under_the_limit()
    {
        var ids = Enumerable.Range(0, 9).Select(i => $"{i}{new string('x', 100_000)}").ToList();
        await Open().ExtendAsync(ids, TimeSpan.FromSeconds(90), CancellationToken.None);
        Assert.Equal(3, _requests.Count);
        Assert.All(_requests, request =>
        {
            Assert.Equal(Subscription + ":modifyAckDeadline", request.Url);
            Assert.InRange(request.Body.Length, 1, 512 * 1024);
            Assert.EndsWith("\"ackDeadlineSeconds\":90}", request.Body, StringComparison.Ordinal);
        });
        Assert.Equal(ids, _requests.SelectMany(request => JsonNode.Parse(request.Body)!["ackIds"]!.AsArray().Select(id => (string?)id)));
    }

    [Fact]
    public async Task Silent_servers_end_the_pull_with_nothing_and_the_other_calls_with_an_exception()
    {
        using var silent = new HttpMessageInvoker(new SilentHandler());
        var subscription = Open(http: silent);
        var pull = subscription.PullAsync(1, CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(await pull.InTime());

        var acknowledge = subscription.AcknowledgeAsync(["a"], CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(60));
        await ThrowsAsync("Pub/Sub did not answer to acknowledge in time.", acknowledge);

        using var stop = new CancellationTokenSource();
        pull = subscription.PullAsync(1, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pull);
    }

    [Theory]
    [InlineData("""{"permissions":["pubsub.subscriptions.consume"]}""", true)]
    [InlineData("{}", false)]
    public async Task MayBePulledAsync_is_what_the_permissions_say(string body, bool expected)
    {
        _answer = _ => Json(body);
        Assert.Equal(expected, await Open().MayBePulledAsync(CancellationToken.None));
        Assert.Equal(
            [("POST", Subscription + ":testIamPermissions", "t1", """{"permissions":["pubsub.subscriptions.consume"]}""")], _requests);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(404, false)]
    public async Task MayBePulledAsync_of_a_server_that_knows_no_permissions_is_whether_the_subscription_is_there(int found, bool expected)
    {
        _answer = method => new((HttpStatusCode)(method.Length > 0 ? 501 : found));
        Assert.Equal(expected, await Open().MayBePulledAsync(CancellationToken.None));
        Assert.Equal(("GET", Subscription, "t1", ""), _requests[1]);
    }

    [Fact]
    public async Task MayBePulledAsync_anything_else_is_an_exception()
    {
        _answer = static _ => new(HttpStatusCode.Forbidden);
        await ThrowsAsync(
            "Pub/Sub answered 403: not permitted; roles/pubsub.subscriber is needed.", Open().MayBePulledAsync(CancellationToken.None));
        _answer = static _ => Json("<html>");
        await ThrowsAsync(
            "Pub/Sub answered with something that is not its JSON. Check the base URL.", Open().MayBePulledAsync(CancellationToken.None));
        _answer = static method => method.Length > 0 ? new(HttpStatusCode.NotFound) : null;
        await ThrowsAsync("Pub/Sub could not be reached.", Open().MayBePulledAsync(CancellationToken.None));
    }

    private static HttpResponseMessage Json(string body) =>
        new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static async Task<NotificationException> ThrowsAsync(string message, Task call)
    {
        var thrown = await Assert.ThrowsAsync<NotificationException>(() => call.InTime());
        Assert.Equal(message, thrown.Message);
        return thrown;
    }

    private RestSubscription Open(IAccessTokenSource? tokens = null, HttpMessageInvoker? http = null) => new(
        http ?? _http,
        tokens ?? new NumberedTokens(),
        Options.Create(new NotificationOptions { Subscription = "projects/p/subscriptions/sub" }),
        _clock);

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        }
    }

    private sealed class NoTokens(Exception reason) : IAccessTokenSource
    {
        public ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken) => ValueTask.FromException<string?>(reason);

        public void Invalidate(string token)
        {
        }
    }
}
