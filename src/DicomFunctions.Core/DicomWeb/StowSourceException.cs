namespace DicomFunctions.Core.DicomWeb;

/// <summary>What was being stored could not be read to its end; the message says why and names nothing.</summary>
public sealed class StowSourceException : IOException
{
    public StowSourceException() { }

    public StowSourceException(string message) : base(message) { }

    public StowSourceException(string message, Exception innerException) : base(message, innerException) { }
}
