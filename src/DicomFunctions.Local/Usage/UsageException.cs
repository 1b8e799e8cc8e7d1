namespace DicomFunctions.Local.Cli;

/// <summary>An invalid command; the message gives the reason and says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
