using System.Net.Http.Headers;
using DicomFunctions.Core.Net;

namespace DicomFunctions.Core.Events;

/// <summary>A signed event on its way.</summary>
internal sealed class WebhookRequest(Uri target, string id, string timestamp, string signature, ReadOnlyMemory<byte> json) : Exchange
{
    private static readonly MediaTypeHeaderValue Structured = new("application/cloudevents+json", "utf-8");

    public override string Operation => "send_event";

    public override HttpRequestMessage CreateRequest(IdleTimer idle) => new(HttpMethod.Post, target)
    {
        Content = new ReadOnlyMemoryContent(json) { Headers = { ContentType = Structured } },
        Headers = { { "webhook-id", id }, { "webhook-timestamp", timestamp }, { "webhook-signature", signature } },
    };

    public override bool Understands(int statusCode) => statusCode is >= 200 and < 300;

    /// <summary>The status says it all: the body is not read.</summary>
    public override ValueTask<RequestOutcome> ReadAsync(
        HttpResponseMessage response, IdleTimer idle, CancellationToken cancellationToken) =>
        new(RequestOutcome.Succeeded((int)response.StatusCode));
}
