using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Http;

/// <summary>Where jobs are, seen from the request that made one.</summary>
internal static class JobUrl
{
    /// <summary>The URL of a job, below the same root as the request's own.</summary>
    public static string Of(HttpRequest request, string id)
    {
        var path = request.Path.Value!;
        var end = path.LastIndexOf('/');
        foreach (var folder in (ReadOnlySpan<string>)["/jobs/", "/pubsub/"])
        {
            if (path.IndexOf(folder, StringComparison.Ordinal) is var at and >= 0)
                end = at;
        }

        return $"{request.PathBase}{path[..end]}/jobs/{id}";
    }
}
