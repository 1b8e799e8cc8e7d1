using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;

namespace DicomFunctions.Core.Api;

/// <summary>
/// The dashboard: a page, and the files it loads. They are open to everyone, since they hold nothing; the page reads the API, which needs
/// the key.
/// </summary>
internal static class DashboardPage
{
    private const string Path = ApiPaths.Root + "/dashboard";
    private const string Index = "index.html";
    private const string Prefix = "dashboard/";

    /// <summary>Nothing from elsewhere, nothing inline.</summary>
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; "
        + "frame-ancestors 'none'; form-action 'none'";

    private static readonly FrozenDictionary<string, EmbeddedFile> Files = Load();

    /// <summary><c>GET /</c>: leads to the page.</summary>
    public static IResult Home(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Results.Redirect($"{request.PathBase}{Path}{RequestQuery.KeyOf(request)}");
    }

    /// <summary><c>GET /dashboard</c>.</summary>
    public static IResult Page(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        // The page's links are relative to the folder that it is in.
        if (request.Path.Value!.EndsWith('/'))
            return Home(request);
        var headers = request.HttpContext.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // A URL with a key must not be kept.
        return Files[Index].Answer(request, request.Query.ContainsKey(RequestQuery.Key) ? "no-store" : "no-cache");
    }

    /// <summary><c>GET /dashboard/{file}</c>: a script, the style sheet or the icon.</summary>
    public static IResult File(HttpRequest request, string file)
    {
        ArgumentNullException.ThrowIfNull(request);
        return file != Index && Files.TryGetValue(file, out var found)
            ? found.Answer(request)
            : ApiProblem.NotFound("The dashboard has no such file.");
    }

    private static FrozenDictionary<string, EmbeddedFile> Load() => typeof(DashboardPage).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], name => EmbeddedFile.Read(name, TypeOf(name)), StringComparer.Ordinal);

    private static string TypeOf(string name) => System.IO.Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"The dashboard has a file of an unknown type, {other}."),
    };
}
