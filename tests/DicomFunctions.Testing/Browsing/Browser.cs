using System.Diagnostics;

namespace DicomFunctions.Testing.Browsing;

/// <summary>Chromium without a window, driven by its DevTools protocol.</summary>
public sealed class Browser : IAsyncDisposable
{
    private const string Said = "DevTools listening on ";

    private static readonly string? Program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    private readonly TempFolder _profile;
    private readonly Process _process;
    private readonly DevTools _tools;

    private Browser(TempFolder profile, Process process, DevTools tools)
    {
        _profile = profile;
        _process = process;
        _tools = tools;
    }

    /// <summary>Why a test that needs it is skipped; null when it is there.</summary>
    public static string? Missing => Program is null ? "Chromium is not installed." : null;

    public static async Task<Browser> StartAsync()
    {
        var profile = new TempFolder();
        var process = Process.Start(new ProcessStartInfo(
            Program ?? throw new InvalidOperationException(Missing),
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
                $"--user-data-dir={profile.Path}", "--remote-debugging-port=0", "about:blank"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.StartsWith(Said, StringComparison.Ordinal) == true)
                address.TrySetResult(new Uri(line.Data[Said.Length..]));
            else if (line.Data is null)
                address.TrySetException(new InvalidOperationException("Chromium ended."));
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            return new Browser(profile, process, await DevTools.ConnectAsync(await address.Task.InTime()));
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Opens a page in a context of its own: no other page shares its storage.</summary>
    /// <param name="address">The page.</param>
    /// <param name="width">The width of the window; 390 is a phone's.</param>
    /// <param name="isDark">Whether the user prefers dark colours.</param>
    public Task<BrowserPage> OpenAsync(Uri address, int width = 1280, bool isDark = false) =>
        BrowserPage.OpenAsync(_tools, address, width, isDark);

    public async ValueTask DisposeAsync()
    {
        await _tools.DisposeAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().InTime();
        _process.Dispose();
        // Its processes write to the profile for a moment longer.
        await Eventually.HoldsAsync(IsRemoved, "the profile is removed");
    }

    private bool IsRemoved()
    {
        try
        {
            _profile.Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
