using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Testing;

/// <summary>A receiver of webhooks, as somebody would write it: it checks the signature and answers 204.</summary>
public sealed class EventReceiver : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly WebApplication _app;

    private EventReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/events?from=test";

    /// <summary>The events that came with a valid signature, in order, each time they came.</summary>
    public ConcurrentQueue<JsonNode> Events { get; } = new();

    /// <summary>The requests that were refused for their signature, type or id.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    /// <summary>Answers instead, if it gives true.</summary>
    public Func<HttpContext, Task<bool>> Before { get; set; } = static _ => Task.FromResult(false);

    public IEnumerable<string> Ids => Events.Select(received => (string)received["id"]!);

    public static async Task<EventReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var receiver = new EventReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        if (await Before(context))
            return;
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers;
        var signed = Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.{body}");
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), signed));
        var isValid = context.Request.ContentType == "application/cloudevents+json; charset=utf-8"
            && headers["webhook-signature"].ToString().Split(' ').Contains(expected)
            && headers["webhook-id"] == (string?)JsonNode.Parse(body)!["id"];
        if (isValid)
            Events.Enqueue(JsonNode.Parse(body)!);
        else
            Refused.Enqueue(body);
        context.Response.StatusCode = isValid ? 204 : 401;
    }
}
