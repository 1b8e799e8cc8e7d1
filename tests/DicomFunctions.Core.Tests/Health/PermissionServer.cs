using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DicomFunctions.Core.Tests.Health;

/// <summary>A Pub/Sub that is asked what an account may do, and whether a subscription is there.</summary>
internal sealed class PermissionServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PermissionServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public ConcurrentQueue<string> Asked { get; } = new();

    /// <param name="answer">To the question for permissions.</param>
    /// <param name="asked">Its status.</param>
    /// <param name="found">The status of the question for the subscription itself.</param>
    public static async Task<PermissionServer> StartAsync(string answer, int asked, int found)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new PermissionServer(app);
        app.Run(async context =>
        {
            server.Asked.Enqueue(context.Request.Path);
            var isAsked = context.Request.Path.Value!.EndsWith(":testIamPermissions", StringComparison.Ordinal);
            context.Response.StatusCode = isAsked ? asked : found;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(isAsked ? answer : "{}");
        });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
