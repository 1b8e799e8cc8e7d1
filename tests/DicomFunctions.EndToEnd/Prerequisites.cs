using System.Reflection;

namespace DicomFunctions.EndToEnd;

/// <summary>What the suite needs of the machine, looked for once.</summary>
internal static class Prerequisites
{
    private static readonly Lazy<string?> LazyMissing = new(Find);

    /// <summary>Why the suite can not run here; null when it can.</summary>
    public static string? Missing => LazyMissing.Value;

    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = Path.GetFullPath(
        typeof(Prerequisites).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "RepositoryDirectory").Value!);

    /// <summary>Azure Functions Core Tools: <c>FUNC_PATH</c>, else <c>func</c> on the path.</summary>
    public static string? CoreTools { get; } = FindCoreTools();

    /// <summary>The folder of Azurite's programs.</summary>
    public static string? AzuritePrograms { get; private set; }

    private static string? Find()
    {
#if CONTRACTS
        return "The package feed lacks the function app's packages: this build uses eng/contracts, which can not be published.";
#else
        if (CoreTools is null)
        {
            return "There are no Azure Functions Core Tools: neither FUNC_PATH nor func on the PATH (npm install --global "
                + "azure-functions-core-tools@4).";
        }

        var azurite = Command.Run("bash", [Path.Combine(Repository, "eng", "azurite")], Repository, TimeSpan.FromMinutes(5));
        AzuritePrograms = azurite.ExitCode == 0 ? azurite.Output.Trim() : null;
        return AzuritePrograms is null ? "There is no Azurite: " + azurite.Error.Trim() : null;
#endif
    }

    private static string? FindCoreTools()
    {
        if (Environment.GetEnvironmentVariable("FUNC_PATH") is { Length: > 0 } path)
            return File.Exists(path) ? path : null;
        var name = OperatingSystem.IsWindows() ? "func.exe" : "func";
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
