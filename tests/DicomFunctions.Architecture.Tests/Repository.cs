using System.Reflection;

namespace DicomFunctions.Architecture.Tests;

/// <summary>The files of the repository these tests were built from.</summary>
internal static class Repository
{
    public static string Folder { get; } = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(data => data.Key == "repository").Value!);

    public static string Relative(string path) => Path.GetRelativePath(Folder, path);

    /// <summary>Fails with every problem; <c>Assert.Empty</c> shows only the first.</summary>
    public static void AssertNone(IEnumerable<string> problems)
    {
        var all = string.Join('\n', problems);
        Assert.True(all.Length == 0, all);
    }

    /// <summary>The C# files below a folder, without what a build made.</summary>
    public static IEnumerable<string> SourceFiles(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(Folder, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .Order(StringComparer.Ordinal);
}
