using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>The URL of a job, relative to the request's host.</summary>
internal static class JobUrl
{
    public static string Of(HttpRequest request, string id) => $"{request.PathBase}{ApiPaths.Root}/jobs/{id}";
}
