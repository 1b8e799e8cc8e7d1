namespace DicomFunctions.Local.Usage;

/// <summary>An invalid command; the message gives the reason and says what to do. The command's help is named after it.</summary>
internal sealed class UsageException(string message) : Exception(message);
