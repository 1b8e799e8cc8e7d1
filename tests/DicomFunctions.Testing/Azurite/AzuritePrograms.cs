using System.Diagnostics;
using System.Reflection;

namespace DicomFunctions.Testing.Azurite;

/// <summary>Azurite as <c>eng/azurite</c> finds or installs it, asked once.</summary>
public static class AzuritePrograms
{
    private static readonly Lazy<(string? Folder, string? Missing)> Found = new(Find);

    /// <summary>Its folder of programs; null when it can not be had.</summary>
    public static string? Folder => Found.Value.Folder;

    /// <summary>Why it can not be had; null when it can.</summary>
    public static string? Missing => Found.Value.Missing;

    private static (string? Folder, string? Missing) Find()
    {
        var repository = typeof(AzuritePrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "repository").Value!;
        using var install = Process.Start(new ProcessStartInfo("bash", [Path.Combine(repository, "eng", "azurite")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (install.StandardOutput.ReadToEndAsync(), install.StandardError.ReadToEndAsync());
        install.WaitForExit();
        return install.ExitCode == 0 ? (output.Result.Trim(), null) : (null, "There is no Azurite here: " + error.Result.Trim());
    }
}
