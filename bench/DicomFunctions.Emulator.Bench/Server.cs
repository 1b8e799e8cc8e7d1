using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DicomFunctions.Emulator.Bench;

/// <summary>The server side: prints its address to standard output, and serves until standard input ends.</summary>
internal static class Server
{
    public static async Task<int> RunAsync(string kind, string? directory)
    {
        await using var server = kind == "floor"
            ? (IAsyncDisposable)await FloorAsync()
            : await EmulatorAsync(directory, kind == "emulator");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task<DicomStoreEmulator> EmulatorAsync(string? directory, bool flush)
    {
        var emulator = await DicomStoreEmulator.StartAsync(
            new EmulatorOptions { Directory = directory, FlushToDisk = flush, PubSubEmulatorHost = "" });
        Console.WriteLine(emulator.BaseAddress);
        return emulator;
    }

    /// <summary>
    /// Answers every request with 1,000 bytes, or as many as the query asks for, and discards bodies: no real server can be faster.
    /// </summary>
    private static async Task<WebApplication> FloorAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var app = builder.Build();
        var answer = new byte[500_000];
        app.Run(async context =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
            }

            var length = context.Request.QueryString.HasValue && context.Request.QueryString.Value!.Contains(
                "limit=500", StringComparison.Ordinal) ? 500_000 : 1000;
            context.Response.ContentType = "application/dicom+json";
            context.Response.ContentLength = length;
            await context.Response.Body.WriteAsync(answer.AsMemory(0, length));
        });
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
        return app;
    }
}
