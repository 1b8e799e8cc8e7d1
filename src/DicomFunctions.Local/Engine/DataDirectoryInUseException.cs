namespace DicomFunctions.Local.Engine;

/// <summary>Another process works in the data directory. Two would both run every job.</summary>
public sealed class DataDirectoryInUseException : Exception
{
    public DataDirectoryInUseException() { }

    public DataDirectoryInUseException(string message) : base(message) { }

    public DataDirectoryInUseException(string message, Exception innerException) : base(message, innerException) { }
}
