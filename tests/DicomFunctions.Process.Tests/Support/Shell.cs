using System.Diagnostics;
using DicomFunctions.Testing;

namespace DicomFunctions.Process.Tests.Support;

/// <summary>Scripts as a user types them, in which <c>dicomfn</c> is this build.</summary>
internal static class Shell
{
    /// <summary>Runs a script to its end.</summary>
    /// <param name="shell">The shell.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="script">The script.</param>
    public static async Task<Finished> RunAsync(string shell, string folder, string script)
    {
        var start = new ProcessStartInfo(shell, ["-c", script])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Path.GetDirectoryName(DicomFn.Program)}:{start.Environment["PATH"]}";
        using var process = System.Diagnostics.Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().InTime();
        await process.WaitForExitAsync().InTime();
        return new Finished(process.ExitCode, output, await error, PeakBytes: 0);
    }

    /// <summary>Runs a command on a terminal, 120 columns wide, and returns all that it shows there.</summary>
    public static Task<Finished> RunOnTerminalAsync(string folder, string command, string term = "xterm") => RunAsync(
        "bash", folder, $"TERM={term} script -qec 'stty cols 120; {command}' /dev/null");

    /// <summary>Whether a program is installed.</summary>
    public static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
