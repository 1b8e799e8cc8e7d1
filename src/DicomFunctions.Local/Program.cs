using DicomFunctions.Local.Cli;
using DicomFunctions.Local.Usage;

return OpenFileLimit.IsTooLow() ? ExitCode.Usage : await DicomFnCommand.RunAsync(args).ConfigureAwait(false);
