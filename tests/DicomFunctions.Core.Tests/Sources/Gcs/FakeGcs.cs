using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace DicomFunctions.Core.Tests.Sources.Gcs;

/// <summary>As much of the JSON API of Cloud Storage as is read from, on a port of its own.</summary>
internal sealed class FakeGcs : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SortedDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private long _generation;

    private FakeGcs(WebApplication app) => _app = app;

    public Uri BaseUrl => new(_app.Urls.Single());

    /// <summary>The paths and queries asked for, as sent.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The most names on a page.</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>When given, the token that is asked for.</summary>
    public string? Token { get; set; }

    /// <summary>Whether JSON begins with a byte order mark.</summary>
    public bool HasByteOrderMark { get; set; }

    /// <summary>Has the first word on every request; true when it has answered.</summary>
    public Func<HttpContext, string, Task<bool>> Before { get; set; } = static (_, _) => Task.FromResult(false);

    public static async Task<FakeGcs> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var gcs = new FakeGcs(builder.Build());
        gcs._app.Run(gcs.AnswerAsync);
        await gcs._app.StartAsync();
        return gcs;
    }

    public void Put(string bucket, string name, byte[] content, string? contentEncoding = null) =>
        _objects[$"{bucket}/{name}"] = new(content, ++_generation, contentEncoding);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        // The raw target: in the path as ASP.NET sees it, an encoded slash may no longer be told from a plain one.
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Requests.Enqueue(target);
        if (await Before(context, target))
            return;
        if (Token is not null && context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            context.Response.StatusCode = 401;
            return;
        }

        var parts = target.Split('?')[0].Split('/');
        if (parts is not ["", "storage", "v1", "b", var bucket, "o", .. var name])
            context.Response.StatusCode = 404;
        else if (name is [])
            await ListAsync(context, bucket);
        else if (name is not [var only] || !_objects.TryGetValue($"{bucket}/{Uri.UnescapeDataString(only)}", out var stored))
            context.Response.StatusCode = 404;
        else
            await GetAsync(context, stored);
    }

    private async Task WriteJsonAsync(HttpContext context, object value)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        if (HasByteOrderMark)
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetPreamble());
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value));
    }

    private async Task GetAsync(HttpContext context, StoredObject stored)
    {
        var generation = stored.Generation.ToString(CultureInfo.InvariantCulture);
        if (context.Request.Query["alt"] != "media")
        {
            await WriteJsonAsync(
                context,
                new
                {
                    size = stored.Content.Length.ToString(CultureInfo.InvariantCulture),
                    generation,
                    contentEncoding = stored.ContentEncoding,
                });
        }
        else if (context.Request.Query["ifGenerationMatch"] != generation)
        {
            context.Response.StatusCode = 412;
        }
        else
        {
            context.Response.ContentLength = stored.Content.Length;
            await context.Response.Body.WriteAsync(stored.Content);
        }
    }

    private async Task ListAsync(HttpContext context, string bucket)
    {
        var query = QueryHelpers.ParseQuery(context.Request.QueryString.Value);
        var prefix = $"{bucket}/{query["prefix"]}";
        var start = query.TryGetValue("pageToken", out var token) ? int.Parse(token.ToString()[1..], CultureInfo.InvariantCulture) : 0;
        var isFlat = query.ContainsKey("delimiter");
        var names = _objects.Keys
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && !(isFlat && name.IndexOf('/', prefix.Length) >= 0))
            .Select(name => new { name = name[(bucket.Length + 1)..] })
            .ToList();
        var end = Math.Min(names.Count, start + PageSize);
        await WriteJsonAsync(context, new
        {
            items = start == end ? null : names[start..end],
            nextPageToken = end < names.Count ? $"+{end}" : null, // a plus must not come back as a space
        });
    }

    private sealed record StoredObject(byte[] Content, long Generation, string? ContentEncoding);
}
