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
    public static IResult OpenApi() =>
        Results.Stream(typeof(AboutApi).Assembly.GetManifestResourceStream("openapi.json")!, "application/json");
}
