using System.Diagnostics;

namespace DicomFunctions.Testing;

/// <summary>Chromium without a window.</summary>
public static class Browser
{
    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Why a test that needs it is skipped; null when it is there.</summary>
    public static string? Missing => Program is null ? "Chromium is not installed." : null;

    /// <summary>What a page has become of once its script has run for a while and what it asked for has come, as HTML.</summary>
    public static async Task<string> ShowAsync(Uri page)
    {
        using var profile = new TempFolder();
        var start = new ProcessStartInfo(
            Program ?? throw new InvalidOperationException(Missing),
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", $"--user-data-dir={profile.Path}",
                "--virtual-time-budget=3000", "--dump-dom", page.AbsoluteUri])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var said = process.StandardError.ReadToEndAsync();
            var html = await process.StandardOutput.ReadToEndAsync().InTime();
            await process.WaitForExitAsync().InTime();
            return process.ExitCode == 0 ? html : throw new InvalidOperationException(await said);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
