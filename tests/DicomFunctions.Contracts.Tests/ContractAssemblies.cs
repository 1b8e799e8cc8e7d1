using System.Reflection;
using System.Runtime.Loader;

namespace DicomFunctions.Contracts.Tests;

/// <summary>The contract assemblies, loaded apart from the real ones, whose names they share.</summary>
internal sealed class ContractAssemblies : AssemblyLoadContext
{
    private static readonly string Folder = typeof(ContractAssemblies).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "ContractsDirectory").Value!;

    public ContractAssemblies()
        : base("contracts")
    {
    }

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.dll").Select(Path.GetFileNameWithoutExtension).Order()!;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = Path.GetFullPath(Path.Combine(Folder, assemblyName.Name + ".dll"));
        return File.Exists(file) ? LoadFromAssemblyPath(file) : null;
    }
}
