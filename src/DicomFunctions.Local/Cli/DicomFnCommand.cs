using System.CommandLine;
using System.Net.Sockets;
using DicomFunctions.Core.Jobs.Inputs;
using DicomFunctions.Local.Engine;
using DicomFunctions.Local.Usage;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Cli;

/// <summary>The command line, <c>dicomfn</c>.</summary>
internal static class DicomFnCommand
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(20);

    private const string Examples =
        """
        Examples:
          dicomfn upload --store projects/P/locations/L/datasets/D/dicomStores/S series
          dicomfn search --store projects/P/locations/L/datasets/D/dicomStores/S --level studies PatientID=7
          dicomfn retrieve --store projects/P/locations/L/datasets/D/dicomStores/S --to files 1.2.3
        """;

    public static ParseResult Parse(string[] args) => new RootCommand(
        "Search, upload and retrieve DICOM in Google Cloud Healthcare DICOM stores, and other DICOMweb servers.")
    {
        ServeCommand.Create(), SearchCommand.Create(), RetrieveCommand.Create(), UploadCommand.Create(), FormatCommand.Create(),
        JobsCommand.Create(),
        EmulatorCommand.Create(), PhantomCommand.Create(), DemoCommand.Create(), CompletionCommand.Create(),
        CommonOptions.Data, CommonOptions.Config,
    }.Parse(args);

    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0)
        {
            var help = await Parse(["--help"]).InvokeAsync().ConfigureAwait(false);
            await Console.Out.WriteLineAsync(Examples).ConfigureAwait(false);
            return help;
        }

        var parsed = Parse(args);
        if (parsed.Errors.Count > 0)
            return Refuse(parsed);

        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        using var signals = new StopSignals(StopTime);
        try
        {
            var command = parsed.InvokeAsync(configuration, signals.Token);
            // A command that does not stop in time is abandoned. That loses nothing, just as a power cut loses nothing.
            var first = await Task.WhenAny(command, signals.Overdue).ConfigureAwait(false);
            return first == command ? await command.ConfigureAwait(false) : ExitCode.Interrupted;
        }
        catch (UsageException exception)
        {
            await Console.Error.WriteLineAsync($"dicomfn: {exception.Message}\n{HelpOf(parsed.CommandResult.Command)}")
                .ConfigureAwait(false);
            return ExitCode.Usage;
        }
        catch (Exception exception) when (exception is CommandFailedException or InputFormatException or RequestTooLargeException
            or DataDirectoryInUseException or OptionsValidationException or IOException or UnauthorizedAccessException or SocketException)
        {
            var hint = exception is DataDirectoryInUseException { Address: { } address } && TakesServer(parsed.CommandResult.Command)
                ? $" Or let it do this: add {CommonOptions.Server.Name} {address}"
                : "";
            await Console.Error.WriteLineAsync($"dicomfn: {exception.Message}{hint}").ConfigureAwait(false);
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

    /// <summary>Prints what is wrong with the command line, and where its help is.</summary>
    private static int Refuse(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var unknown = parsed.UnmatchedTokens.ToList();
        var lines = unknown.Count > 0
            ? unknown.Take(1).Select(word => $"'{word}' is not a command or an option.{DidYouMean(command, word)}")
            : parsed.Errors.Select(error => error.Message + DidYouMean(command, Quoted(error.Message)));
        foreach (var line in lines)
            Console.Error.WriteLine($"dicomfn: {line}");
        Console.Error.WriteLine(HelpOf(command));
        return ExitCode.Usage;
    }

    private static string DidYouMean(Command command, string? word) =>
        word is not null && Suggestions.For(command, word) is { } meant ? $" Did you mean '{meant}'?" : "";

    /// <summary>The option that a message quotes, because an argument's validator took it for a value.</summary>
    private static string? Quoted(string message)
    {
        var start = message.IndexOf("'-", StringComparison.Ordinal) + 1;
        return start > 0 && message.IndexOfAny(['\'', '='], start) is > 0 and var end ? message[start..end] : null;
    }

    private static bool TakesServer(Command command) =>
        command.Parents.OfType<Command>().Prepend(command).Any(each => each.Options.Contains(CommonOptions.Server));

    private static string HelpOf(Command command) => $"Run '{PathOf(command)} --help'.";

    private static string PathOf(Command command) => string.Join(
        ' ', command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).Select(parent => parent.Name)
            .Prepend("dicomfn").Concat(command is RootCommand ? [] : [command.Name]));
}
