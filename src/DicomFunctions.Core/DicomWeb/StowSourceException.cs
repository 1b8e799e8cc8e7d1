namespace DicomFunctions.Core.DicomWeb;

/// <summary>The source of an instance could not be read completely. The message says why, without naming it.</summary>
public sealed class StowSourceException : IOException
{
    public StowSourceException() { }

    public StowSourceException(string message) : base(message) { }

    public StowSourceException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Whether the source may well be read whole another time, so that the request is worth another attempt.</summary>
    public bool IsTransient { get; init; }
}
