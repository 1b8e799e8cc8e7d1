using System.CommandLine;
using System.Net.Sockets;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Local.Engine;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Cli;

/// <summary>The command line, <c>dicomfn</c>.</summary>
internal static class DicomFnCommand
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    public static ParseResult Parse(string[] args) => new RootCommand(
        "Search and upload DICOM in Google Cloud Healthcare DICOM stores, and other DICOMweb servers.")
    {
        ServeCommand.Create(), SearchCommand.Create(), RetrieveCommand.Create(), UploadCommand.Create(), FormatCommand.Create(),
        JobsCommand.Create(),
        EmulatorCommand.Create(), PhantomCommand.Create(), DemoCommand.Create(),
        CommonOptions.Data,
    }.Parse(args);

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"dicomfn: {error.Message}").ConfigureAwait(false);
            await Console.Error.WriteLineAsync("See 'dicomfn --help'.").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        using var signals = new StopSignals(StopTime);
        try
        {
            var command = parsed.InvokeAsync(configuration, signals.Token);
            // A command that does not stop in time is abandoned. That loses nothing, just as a power cut loses nothing.
            var first = await Task.WhenAny(command, signals.Overdue).ConfigureAwait(false);
            return first == command ? await command.ConfigureAwait(false) : ExitCode.Interrupted;
        }
        catch (Exception exception) when (exception is UsageException or InputFormatException or RequestTooLargeException
            or DataDirectoryInUseException or OptionsValidationException or IOException or UnauthorizedAccessException or SocketException)
        {
            await Console.Error.WriteLineAsync($"dicomfn: {exception.Message}").ConfigureAwait(false);
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (InvalidOperationException exception) when (exception.Source == "Microsoft.Extensions.Configuration.Binder")
        {
            await Console.Error.WriteLineAsync($"dicomfn: {exception.Message}").ConfigureAwait(false);
            return ExitCode.Usage;
        }
    }
}
