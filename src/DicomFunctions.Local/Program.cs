using DicomFunctions.Local.Cli;

return await DicomFnCommand.RunAsync(args).ConfigureAwait(false);
