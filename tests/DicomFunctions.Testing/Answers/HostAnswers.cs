using DicomFunctions.Core.Api;

namespace DicomFunctions.Testing.Answers;

/// <summary>What both hosts answer to requests that are wrong, or at the edge: the table of <c>docs/http.md</c>.</summary>
public static class HostAnswers
{
    private const string NoEndpoint = "No such endpoint.";
    private const string NoJob = "There is no such job.";
    private const string Id = "20260101-000000-abcdef";
    private const string Json = "application/json";

    public static IReadOnlyList<HostAnswer> All { get; } =
    [
        .. WrongMethods(),
        .. UnknownPaths(),
        .. Heads(),
        .. Spellings(),
        .. UnknownJobs(),
        .. BadQueries(),
        .. BadBodies(),
        .. Keys(),
        .. Platform(),
    ];

    private static IEnumerable<HostAnswer> WrongMethods()
    {
        yield return WrongMethod("GET", "/api/search", "POST");
        yield return WrongMethod("DELETE", "/api/upload", "POST");
        yield return WrongMethod("HEAD", "/api/format", "POST");
        yield return WrongMethod("GET", "/api/pubsub/push", "POST");
        yield return WrongMethod("POST", "/api/jobs", "GET, HEAD");
        yield return WrongMethod("POST", "/api/health", "GET, HEAD");
        yield return WrongMethod("PUT", $"/api/jobs/{Id}", "DELETE, GET, HEAD");
        yield return WrongMethod("PATCH", $"/api/jobs/{Id}/results", "GET, HEAD");
        yield return WrongMethod("GET", $"/api/jobs/{Id}/cancel", "POST");
        yield return WrongMethod("OPTIONS", "/api/jobs", "GET, HEAD");
        yield return WrongMethod("TRACE", "/api/search", "POST");
        yield return WrongMethod("BREW", "/api/dashboard", "GET, HEAD");
    }

    private static IEnumerable<HostAnswer> UnknownPaths()
    {
        foreach (var path
            in new[] { "/api", "/api/", "/api/nothing", $"/api/jobs/{Id}/nothing", "/api//jobs", "/favicon.ico", "/jobs" })
        {
            yield return new("GET", path, 404) { Detail = NoEndpoint };
        }

        foreach (var method in new[] { "POST", "OPTIONS" })
            yield return new(method, "/", 404) { Detail = NoEndpoint };
        yield return new("GET", "/api/dashboard/nothing.js", 404) { Detail = "The dashboard has no such file." };
    }

    private static IEnumerable<HostAnswer> Heads()
    {
        foreach (var path in new[] { "health", "jobs", "overview", "openapi.json", "dashboard", "dashboard/app.js" })
            yield return new("HEAD", $"/api/{path}", 200);
        yield return new("HEAD", "/", 302);
        yield return new("HEAD", $"/api/jobs/{Id}", 404) { Detail = NoJob };
        yield return new("HEAD", $"/api/jobs/{Id}/results", 404) { Detail = NoJob };
    }

    private static IEnumerable<HostAnswer> Spellings()
    {
        yield return new("GET", "/api/jobs/", 200);
        yield return new("GET", "/API/Jobs", 200);
        yield return new("GET", "/api/health?deep", 307);
        yield return new("GET", "/", 302);
        yield return new("GET", "/api/dashboard/", 302);
        yield return WrongMethod("GET", "/API/Search/", "POST");
    }

    private static IEnumerable<HostAnswer> UnknownJobs()
    {
        foreach (var id in new[] { Id, "x", "a%2Fb", "%20" })
            yield return new("GET", $"/api/jobs/{id}", 404) { Detail = NoJob };
        foreach (var action in new[] { "cancel", "resume", "retry" })
            yield return new("POST", $"/api/jobs/{Id}/{action}", 404) { Detail = NoJob };
        yield return new("DELETE", $"/api/jobs/{Id}", 404) { Detail = NoJob };
    }

    private static IEnumerable<HostAnswer> BadQueries()
    {
        yield return new("GET", "/api/jobs?limit=x", 400) { Detail = "limit must be" };
        yield return new("GET", $"/api/jobs/{Id}/results?success=maybe", 400) { Detail = "success must be" };
        yield return new("GET", $"/api/jobs/{Id}/results?format=xlsx", 400) { Detail = "format must be" };
        yield return new("GET", $"/api/jobs/{Id}/results?columns=PatientID", 400) { Detail = "columns is for csv and parquet only" };
        yield return new("GET", $"/api/jobs/{Id}/results?format=csv&columns=Patient", 400) { Detail = "There is no column 'Patient'" };
        yield return new("GET", $"/api/jobs/{Id}/results?format=parquet", 404) { Detail = NoJob };
        yield return new("POST", "/api/search?wait=soon", 400) { Body = "[]", ContentType = Json, Detail = "wait must be" };
        yield return new("POST", "/api/search?colour=red", 400)
        {
            Body = "[]",
            ContentType = Json,
            Detail = "Unknown query parameter 'colour'.",
        };
    }

    private static IEnumerable<HostAnswer> BadBodies()
    {
        var large = new string(' ', new ApiOptions().MaxFormatBytes + 1);
        yield return new("POST", "/api/search", 400) { Body = "", Detail = "The body is empty" };
        yield return new("POST", "/api/search", 400) { Body = "[", ContentType = Json, Detail = "Line 1, position 2:" };
        yield return new("POST", "/api/search", 400)
        {
            Body = "[]",
            ContentType = "multipart/form-data; boundary=x",
            Detail = "A body of multipart/form-data",
        };
        yield return new("POST", "/api/format", 413) { Body = large, ContentType = Json, Detail = "The body is larger than" };
        yield return new("POST", "/api/format", 413)
        {
            Body = large,
            ContentType = Json,
            IsChunked = true,
            Detail = "An input, or an option, is over",
        };
        yield return WrongMethod("POST", "/api/jobs", "GET, HEAD") with { Body = large, ContentType = Json };
    }

    /// <summary>What is open to everyone is open by its method alone.</summary>
    private static IEnumerable<HostAnswer> Keys()
    {
        yield return new("GET", "/api/health", 200) { IsWithoutKey = true };
        yield return new("HEAD", "/api/health", 200) { IsWithoutKey = true };
        yield return new("GET", "/", 302) { IsWithoutKey = true };
        yield return new("GET", "/api/dashboard", 200) { IsWithoutKey = true };
        yield return new("GET", "/api/dashboard/style.css", 200) { IsWithoutKey = true };
        yield return new("POST", "/api/pubsub/push", 403)
        {
            IsWithoutKey = true,
            Body = "{}",
            ContentType = Json,
            Detail = "Push is disabled",
        };
        foreach (var (method, path)
            in new[]
            {
                ("GET", "/api/jobs"), ("GET", "/api/overview"), ("GET", "/api/health/deep"), ("POST", "/api/health"),
                ("GET", "/api/nothing"), ("POST", "/"),
            })
        {
            yield return new(method, path, 401) { IsWithoutKey = true, Detail = "Send the API key", InFunctionsHost = 401 };
        }
    }

    /// <summary>Paths that the Functions host has for itself, which want other keys than the app's.</summary>
    private static IEnumerable<HostAnswer> Platform()
    {
        yield return new("GET", "/admin/host/status", 404) { Detail = NoEndpoint, InFunctionsHost = 403 };
        yield return new("GET", "/runtime/webhooks/nothing", 404) { Detail = NoEndpoint, InFunctionsHost = 403 };
    }

    private static HostAnswer WrongMethod(string method, string path, string allow) =>
        new(method, path, 405) { Allow = allow, Detail = $"Use {allow} here." };
}
