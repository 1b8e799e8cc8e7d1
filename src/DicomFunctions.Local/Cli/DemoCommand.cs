using System.CommandLine;
using DicomFunctions.Local.Demo;
using DicomFunctions.Local.Usage;

namespace DicomFunctions.Local.Cli;

/// <summary><c>dicomfn demo</c>: the whole loop on this machine, against the emulator.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var once = new Option<DirectoryInfo?>("--once")
        {
            Description = "Process every file below this folder, print a one-line summary, and exit.",
            HelpName = "DIR",
        };
        var url = new Option<string>("--url")
        {
            Description = "Where the API listens.",
            DefaultValueFactory = _ => "http://127.0.0.1:7071",
        };
        var command = new Command("demo", "Run everything on this machine: emulated DICOM store, API, drop folder, notifications.")
        {
            once, url,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var data = parsed.GetValue(CommonOptions.Data)?.FullName ?? Path.GetFullPath(".dicomfn");
            if (parsed.GetValue(once) is not { } folder)
            {
                await DemoStay.RunAsync(Path.Combine(data, "demo"), parsed.GetRequiredValue(url), cancellationToken).ConfigureAwait(false);
                return ExitCode.Ok;
            }

            if (!folder.Exists)
                throw new UsageException($"There is no folder '{folder}'.");
            var isComplete = await DemoOnce.RunAsync(folder, Path.Combine(data, "once"), cancellationToken).ConfigureAwait(false);
            return isComplete ? ExitCode.Ok : ExitCode.SomeFailed;
        });
        return command;
    }
}
