using System.Diagnostics;
using Xunit;

namespace DicomFunctions.Testing;

/// <summary>A fact that needs the tools that <c>eng/openapi/tools</c> finds or installs, and is skipped, saying so, without them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenApiToolsFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(Find);

    public OpenApiToolsFactAttribute() => Skip = Missing.Value;

    private static string? Find()
    {
        using var install = Process.Start(new ProcessStartInfo("bash", [RepositoryFolder.File("eng", "openapi", "tools")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (install.StandardOutput.ReadToEndAsync(), install.StandardError.ReadToEndAsync());
        install.WaitForExit();
        Task.WaitAll(output, error);
        return install.ExitCode == 0 ? null : "The tools of eng/openapi are missing: " + error.Result.Trim();
    }
}
