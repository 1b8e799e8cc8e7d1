using System.Reflection;
using System.Text.Json;

namespace DicomFunctions.Deployment.Tests;

/// <summary>The files of the repository.</summary>
internal static class Repository
{
    private static readonly string Folder = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryDirectory").Value!;

    public static string Path(string path) => System.IO.Path.GetFullPath(System.IO.Path.Combine(Folder, path));

    public static string Text(string path) => File.ReadAllText(Path(path));

    public static JsonElement Json(string path)
    {
        using var document = JsonDocument.Parse(Text(path));
        return document.RootElement.Clone();
    }

    public static string Text(string folder, string pattern) =>
        string.Join('\n', Directory.EnumerateFiles(Path(folder), pattern).Order(StringComparer.Ordinal).Select(File.ReadAllText));
}
