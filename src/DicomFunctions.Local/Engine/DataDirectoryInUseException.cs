namespace DicomFunctions.Local.Engine;

/// <summary>Another process uses the data directory. Two processes would both run every job.</summary>
public sealed class DataDirectoryInUseException : Exception
{
    public DataDirectoryInUseException() { }

    public DataDirectoryInUseException(string message) : base(message) { }

    public DataDirectoryInUseException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Where that process serves the jobs of the directory; null if it does not say so.</summary>
    public string? Address { get; init; }
}
