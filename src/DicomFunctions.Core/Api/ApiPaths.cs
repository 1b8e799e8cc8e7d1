using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace DicomFunctions.Core.Api;

/// <summary>The API's paths and their methods, read from its OpenAPI document.</summary>
internal static class ApiPaths
{
    /// <summary>The prefix of every path of the API.</summary>
    public const string Root = "/api";

    private static readonly List<(TemplateMatcher Path, string[] Methods)> All = Load();

    /// <summary>The methods that a path supports, sorted; empty if the path does not exist.</summary>
    public static IEnumerable<string> Methods(PathString path) =>
        All.Where(known => known.Path.TryMatch(path, [])).SelectMany(known => known.Methods).Distinct().Order(StringComparer.Ordinal);

    private static List<(TemplateMatcher Path, string[] Methods)> Load()
    {
        using var stream = typeof(ApiPaths).Assembly.GetManifestResourceStream("openapi.json")!;
        using var document = JsonDocument.Parse(stream);
        return
        [
            .. from path in document.RootElement.GetProperty("paths").EnumerateObject()
               select (
                   new TemplateMatcher(TemplateParser.Parse((Root + path.Name)[1..]), []),
                   path.Value.EnumerateObject().SelectMany(item => MethodsOf(item.Name)).ToArray()),
        ];
    }

    /// <summary>Maps a key of a path to its methods; keys such as <c>parameters</c> have none.</summary>
    private static IEnumerable<string> MethodsOf(string key) => key switch
    {
        "get" or "head" or "put" or "post" or "delete" or "patch" => [key.ToUpperInvariant()],
        _ => [],
    };
}
