using System.Diagnostics;

namespace DicomFunctions.Testing.Browsing;

/// <summary>axe-core as <c>eng/axe</c> finds or installs it, asked once: it tells what of a page not everybody can use.</summary>
public static class AxeCore
{
    private static readonly Lazy<(string? Script, string? Missing)> Found = new(Find);

    /// <summary>The script, to be run in a page.</summary>
    public static string Script => Found.Value.Script ?? throw new InvalidOperationException(Missing);

    /// <summary>Why it cannot be had; null when it can.</summary>
    public static string? Missing => Found.Value.Missing;

    private static (string? Script, string? Missing) Find()
    {
        using var install = Process.Start(new ProcessStartInfo("bash", [RepositoryFolder.File("eng", "axe")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (install.StandardOutput.ReadToEndAsync(), install.StandardError.ReadToEndAsync());
        install.WaitForExit();
        return install.ExitCode == 0
            ? (File.ReadAllText(output.Result.Trim()), null)
            : (null, "There is no axe-core here: " + error.Result.Trim());
    }
}
