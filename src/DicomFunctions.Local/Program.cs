using DicomFunctions.Local.Cli;

return OpenFileLimit.IsTooLow() ? ExitCode.Usage : await DicomFnCommand.RunAsync(args).ConfigureAwait(false);
