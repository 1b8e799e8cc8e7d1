using System.Diagnostics;

namespace DicomFunctions.EndToEnd;

/// <summary>A program that runs and ends.</summary>
internal static class Command
{
    /// <summary>Runs it to its end; one that takes too long is ended, and has failed.</summary>
    public static (int ExitCode, string Output, string Error) Run(string program, string[] arguments, string folder, TimeSpan atMost)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(atMost))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return (-1, output.Result, $"{program} took longer than {atMost}. {error.Result}");
        }

        return (process.ExitCode, output.Result, error.Result);
    }
}
