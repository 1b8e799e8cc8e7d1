using System.Diagnostics;

namespace DicomFunctions.Deployment.Tests;

/// <summary>A program that <c>eng/tool</c> finds or installs; asked once.</summary>
internal static class Tool
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);
    private static readonly Lazy<(string? Path, string? Missing)> FoundBicep = new(() => Ask("bicep"));
    private static readonly Lazy<(string? Path, string? Missing)> FoundPwsh = new(() => Ask("pwsh"));

    public static (string? Path, string? Missing) Bicep => FoundBicep.Value;

    public static (string? Path, string? Missing) Pwsh => FoundPwsh.Value;

    public static (string? Path, string? Missing) Terraform =>
        OnPath("terraform") is { } path ? (path, null) : (null, "Terraform is not on the PATH.");

    /// <summary>Where a program is; null if there is none.</summary>
    public static string? OnPath(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, await output, await error);
    }

    private static (string? Path, string? Missing) Ask(string name)
    {
        var (exitCode, output, error) = RunAsync("bash", [Repository.Path("eng/tool"), name], Repository.Path("")).GetAwaiter().GetResult();
        return exitCode == 0 ? (output.Trim(), null) : (null, error.Trim());
    }
}
