using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;

namespace DicomFunctions.Core.Api;

/// <summary>The paths of the API and their methods, as its document has them.</summary>
internal static class ApiPaths
{
    /// <summary>What every path of the API begins with.</summary>
    public const string Root = "/api";

    private static readonly List<(TemplateMatcher Path, string[] Methods)> All = Load();

    /// <summary>The methods a path can be asked by, in order; none: there is no such path. Where GET is, HEAD is.</summary>
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

    /// <summary>Beside its methods a path has what is common to them.</summary>
    private static IEnumerable<string> MethodsOf(string key) => key switch
    {
        "get" => [HttpMethods.Get, HttpMethods.Head],
        "put" or "post" or "delete" or "patch" => [key.ToUpperInvariant()],
        _ => [],
    };
}
