using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>202 with the job's <c>Location</c>.</summary>
internal sealed class AcceptedResult(AcceptedJob job) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => StatusCodes.Status202Accepted;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status202Accepted;
        httpContext.Response.Headers.Location = job.StatusUrl;
        return httpContext.Response.WriteAsJsonAsync(job, ApiJson.Default.AcceptedJob, contentType: null, httpContext.RequestAborted);
    }
}
