using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DicomFunctions.Core.Tests.Fakes;

/// <summary>A subscription behind the Pub/Sub REST surface, on a port of its own.</summary>
internal sealed class FakePubSub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakePubSub(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.Single() + "/";

    /// <summary>What pulls are answered with, one after the other; <c>{}</c> when there is no more.</summary>
    public ConcurrentQueue<string> Pulls { get; } = new();

    /// <summary>Every request: the path's end, and the body.</summary>
    public ConcurrentQueue<(string Method, JsonNode Body, long? Length, string Authorization)> Requests { get; } = new();

    /// <summary>Has the first word on every request; true when it has answered.</summary>
    public Func<HttpContext, string, Task<bool>> Before { get; set; } = static (_, _) => Task.FromResult(false);

    public List<string> Acknowledged => [.. Requests.Where(request => request.Method == "acknowledge").SelectMany(AckIds)];

    public List<string> Extended => [.. Requests.Where(request => request.Method == "modifyAckDeadline").SelectMany(AckIds)];

    public static async Task<FakePubSub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new FakePubSub(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A pull's answer with one message per path.</summary>
    public static string Messages(params IEnumerable<string> paths)
    {
        var messages = paths.Select((path, i) => new JsonObject
        {
            ["ackId"] = $"ack-{path}",
            ["message"] = new JsonObject
            {
                ["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(path)),
                ["attributes"] = new JsonObject { ["action"] = "StoreInstances" },
                ["messageId"] = $"{i}",
                ["publishTime"] = "2026-01-02T03:04:05Z",
            },
        });
        return new JsonObject { ["receivedMessages"] = new JsonArray([.. messages]) }.ToJsonString();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var method = path[(path.LastIndexOf(':') + 1)..];
        using var reader = new StreamReader(context.Request.Body);
        var body = JsonNode.Parse(await reader.ReadToEndAsync())!;
        Requests.Enqueue((method, body, context.Request.ContentLength, context.Request.Headers.Authorization.ToString()));
        if (await Before(context, method))
            return;
        context.Response.StatusCode = 200;
        if (path[..path.LastIndexOf(':')] != "/v1/projects/p/subscriptions/sub")
            context.Response.StatusCode = 404;
        else
            await context.Response.WriteAsync(method == "pull" && Pulls.TryDequeue(out var pull) ? pull : "{}");
    }

    private static IEnumerable<string> AckIds((string Method, JsonNode Body, long? Length, string Authorization) request) =>
        request.Body["ackIds"]!.AsArray().Select(id => (string)id!);
}
