using System.Reflection;
using DicomFunctions.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Http;

/// <summary>What the host says of itself.</summary>
public sealed class AboutApi(IObjectStore store)
{
    private static readonly string Version =
        typeof(AboutApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary><c>GET /health</c>: whether the object store answers. Open to everyone, so it says no more.</summary>
    public Task<IResult> HealthAsync(HttpRequest request) => ApiProblem.GuardAsync(request, async () =>
    {
        await store.GetPropertiesAsync("jobs/.health", request.HttpContext.RequestAborted).ConfigureAwait(false);
        return Results.Json(new HealthReport("ok", Version), ApiJson.Default.HealthReport);
    });

    /// <summary><c>GET /openapi.json</c>.</summary>
    public static IResult OpenApi() => Resource("openapi.json", "application/json");

    /// <summary><c>GET /dashboard</c>: a page that shows the jobs, by the API it stands beside.</summary>
    public static IResult Dashboard(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        // Its own address may hold the key.
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        return Resource("dashboard.html", "text/html; charset=utf-8");
    }

    private static IResult Resource(string name, string contentType) =>
        Results.Stream(typeof(AboutApi).Assembly.GetManifestResourceStream(name)!, contentType);
}
