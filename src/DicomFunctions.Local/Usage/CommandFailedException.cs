namespace DicomFunctions.Local.Usage;

/// <summary>A valid command that cannot be carried out; the message gives the reason and says what to do.</summary>
internal sealed class CommandFailedException : Exception
{
    public CommandFailedException(string message) : base(message) { }

    public CommandFailedException(string message, Exception innerException) : base(message, innerException) { }
}
