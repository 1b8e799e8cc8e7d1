using System.Reflection;
using DicomFunctions.Core.Health;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Health and API document.</summary>
internal sealed class AboutApi(HealthChecks checks)
{
    private const string Ok = "ok";

    private static readonly EmbeddedFile Document = EmbeddedFile.Read("openapi.json", "application/json");

    private static readonly string Version =
        typeof(AboutApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>
    /// <c>GET /health</c>: whether the host can accept and run jobs. Needs no key; with <c>?deep</c> it redirects to
    /// <see cref="DeepHealthAsync"/>, which needs one.
    /// </summary>
    public Task<IResult> HealthAsync(HttpRequest request) => ApiProblem.GuardAsync(request, async () =>
    {
        RequestQuery.Allow(request, "deep");
        return request.Query.ContainsKey("deep")
            ? Results.Redirect($"{request.PathBase}{ApiPaths.Root}/health/deep{RequestQuery.KeyOf(request)}", preserveMethod: true)
            : await ReportAsync(request, deep: false).ConfigureAwait(false);
    });

    /// <summary><c>GET /health/deep</c>: also whether this host's credentials give access to its DICOM stores and subscription.</summary>
    public Task<IResult> DeepHealthAsync(HttpRequest request) => ApiProblem.GuardAsync(request, () =>
    {
        RequestQuery.Allow(request);
        return ReportAsync(request, deep: true);
    });

    /// <summary><c>GET /openapi.json</c>.</summary>
    public static IResult OpenApi(HttpRequest request) => Document.Answer(request);

    private async Task<IResult> ReportAsync(HttpRequest request, bool deep)
    {
        var found = await checks.RunAsync(deep, request.HttpContext.RequestAborted).ConfigureAwait(false);
        var results = found.ToDictionary(result => result.Name, result => result.Problem ?? Ok);
        var failed = found.Where(result => result.Problem is not null).ToList();
        return failed.Count == 0
            ? Results.Json(new HealthReport(Ok, Version, results), ApiJson.Default.HealthReport)
            : Results.Problem(
                string.Join(' ', failed.Select(result => $"{result.Name}: {result.Problem}")),
                statusCode: StatusCodes.Status503ServiceUnavailable,
                title: "Unhealthy",
                extensions: [new("checks", results)]);
    }
}
