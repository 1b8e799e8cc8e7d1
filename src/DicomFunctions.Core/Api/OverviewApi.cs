using DicomFunctions.Core.Overview;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>The request for the overview.</summary>
internal sealed class OverviewApi(IOverviewReports reports)
{
    /// <summary><c>GET /overview</c>: what the newest jobs do and have done, and how the host is.</summary>
    public Task<IResult> GetAsync(HttpRequest request) => ApiProblem.GuardAsync(request, async () =>
    {
        RequestQuery.Allow(request);
        var report = await reports.GetAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
        return Results.Json(report, ApiJson.Default.OverviewReport);
    });
}
