using System.Net;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using DicomFunctions.App.Events;
using DicomFunctions.Core.Events;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace DicomFunctions.App.Tests.Events;

public sealed class EventGridEndpointTests
{
    private const string Topic = "https://t.westeurope-1.eventgrid.azure.net/api/events";

    private static readonly byte[] Json = Encoding.UTF8.GetBytes("{\"specversion\":\"1.0\",\"id\":\"one\"}");

    [Fact]
    public async Task Send_posts_the_event_as_it_is_in_a_batch_with_the_identitys_token()
    {
        var topic = new TopicHandler(HttpStatusCode.OK);

        Assert.True((await Create(topic).SendAsync("one", Json, CancellationToken.None)).IsAccepted);

        Assert.Equal(
            [("POST", "/api/events", "application/cloudevents-batch+json", "Bearer token", $"[{Encoding.UTF8.GetString(Json)}]")],
            topic.Seen);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(413)]
    [InlineData(500)]
    public async Task Send_asks_once_and_tells_the_status(int status)
    {
        var topic = new TopicHandler((HttpStatusCode)status);

        Assert.Equal($"Event Grid answered {status}.", (await Create(topic).SendAsync("one", Json, CancellationToken.None)).Problem);

        Assert.Single(topic.Seen);
    }

    [Fact]
    public async Task Send_to_a_topic_out_of_reach_or_without_an_identity_is_no_exception()
    {
        var topic = new TopicHandler(HttpStatusCode.OK);
        var away = new TopicHandler(status: null);

        Assert.Equal("Event Grid cannot be reached.", (await Create(away).SendAsync("one", Json, CancellationToken.None)).Problem);
        Assert.Equal(
            "The app's identity has no token for Event Grid.",
            (await Create(topic, new NoCredential()).SendAsync("one", Json, CancellationToken.None)).Problem);
    }

    [Theory]
    [InlineData("Topic", Topic, "EventGridEndpoint")]
    [InlineData("Timeout", "00:00:30", "WebhookEndpoint")]
    public void The_settings_choose_the_endpoint(string setting, string value, string type)
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton(TimeProvider.System)
            .AddEventGrid()
            .Configure<EventOptions>(new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build())
            .BuildServiceProvider();

        Assert.Equal(type, services.GetRequiredService<IEventEndpoint>().GetType().Name);
    }

    private static EventGridEndpoint Create(TopicHandler topic, TokenCredential? credential = null) => EventServices.Create(
        new Uri(Topic), credential ?? new FixedCredential(), TimeSpan.FromSeconds(5), new HttpClientTransport(topic));

    private sealed class TopicHandler(HttpStatusCode? status) : HttpMessageHandler
    {
        public List<(string Method, string Path, string? Type, string? Authorization, string Body)> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen.Add((
                request.Method.Method, request.RequestUri!.AbsolutePath, request.Content!.Headers.ContentType!.MediaType,
                request.Headers.Authorization?.ToString(), await request.Content.ReadAsStringAsync(cancellationToken)));
            return status is { } code ? new HttpResponseMessage(code) : throw new HttpRequestException("refused");
        }
    }

    private sealed class FixedCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new("token", DateTimeOffset.UtcNow.AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }

    private sealed class NoCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new CredentialUnavailableException("none");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
