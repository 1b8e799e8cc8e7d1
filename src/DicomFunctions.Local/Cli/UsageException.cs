namespace DicomFunctions.Local.Cli;

/// <summary>The command can not be run as it was given; the message says why and what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
