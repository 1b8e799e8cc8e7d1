using System.Xml.Linq;

namespace DicomFunctions.Architecture.Tests.Namespaces;

/// <summary>A project below <c>src</c>, read from its files.</summary>
internal sealed class SourceProject
{
    private SourceProject(string projectFile)
    {
        var project = XDocument.Load(projectFile);
        var folder = Path.GetDirectoryName(projectFile)!;
        Name = Path.GetFileNameWithoutExtension(projectFile);
        RootNamespace = project.Descendants("RootNamespace").FirstOrDefault()?.Value ?? Name;
        GlobalUsings = [.. project.Descendants("Using").Select(element => element.Attribute("Include")!.Value)];
        Files = [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !IsGenerated(Path.GetRelativePath(folder, path)))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(
                Repository.Relative(path), File.ReadAllText(path), NamespaceOf(Path.GetRelativePath(folder, path))))];
    }

    public string Name { get; }

    public string RootNamespace { get; }

    /// <summary>The namespaces that the project file imports into every file.</summary>
    public IReadOnlyList<string> GlobalUsings { get; }

    public IReadOnlyList<SourceFile> Files { get; }

    public static IReadOnlyList<SourceProject> LoadAll() =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Folder, "src"), "*.csproj", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal).Select(path => new SourceProject(path))];

    public bool Owns(string name) => name == RootNamespace || name.StartsWith(RootNamespace + ".", StringComparison.Ordinal);

    private static bool IsGenerated(string path) => path.Split(Path.DirectorySeparatorChar)[0] is "bin" or "obj";

    private string NamespaceOf(string path) =>
        string.Join('.', [RootNamespace, .. path.Split(Path.DirectorySeparatorChar).SkipLast(1)]);
}
