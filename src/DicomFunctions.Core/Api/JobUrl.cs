using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>Where jobs are, seen from the request that made one.</summary>
internal static class JobUrl
{
    public static string Of(HttpRequest request, string id) => $"{request.PathBase}{ApiPaths.Root}/jobs/{id}";
}
