using System.Text.Json;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Deployment.Tests;

/// <summary>The resources of <c>infra/azure/main.bicep</c>, as Bicep compiles them.</summary>
internal static class CompiledTemplate
{
    private static readonly Lazy<Task<List<JsonElement>>> Compiled = new(CompileAsync);

    /// <summary>All resources of one type, in whichever module they are.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ResourcesAsync(string type) =>
        [.. (await Compiled.Value).Where(resource => resource.GetProperty("type").GetString() == type)];

    private static async Task<List<JsonElement>> CompileAsync()
    {
        using var folder = new TempFolder();
        var file = folder.Combine("main.json");
        var (exitCode, _, error) = await Tool.RunAsync(
            Tool.Bicep.Path!, ["build", "infra/azure/main.bicep", "--outfile", file], Repository.Path(""));
        Assert.True(exitCode == 0, error);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
        return [.. Resources(document.RootElement).Select(resource => resource.Clone())];
    }

    private static IEnumerable<JsonElement> Resources(JsonElement template)
    {
        var resources = template.GetProperty("resources");
        foreach (var resource in resources.ValueKind == JsonValueKind.Array
            ? resources.EnumerateArray() : resources.EnumerateObject().Select(resource => resource.Value))
        {
            yield return resource;
            if (resource.GetProperty("type").GetString() != "Microsoft.Resources/deployments")
                continue;
            foreach (var inner in Resources(resource.GetProperty("properties").GetProperty("template")))
                yield return inner;
        }
    }
}
