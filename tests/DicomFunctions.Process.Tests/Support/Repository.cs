using System.Reflection;

namespace DicomFunctions.Process.Tests.Support;

/// <summary>The repository these tests were built in.</summary>
internal static class Repository
{
    private static readonly string Root = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "repository").Value!;

    public static string Path(params ReadOnlySpan<string> parts) => System.IO.Path.GetFullPath(System.IO.Path.Combine([Root, .. parts]));
}
