namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>A request is over one of the limits; the message names it.</summary>
public sealed class RequestTooLargeException : Exception
{
    public RequestTooLargeException() { }

    public RequestTooLargeException(string message) : base(message) { }

    public RequestTooLargeException(string message, Exception innerException) : base(message, innerException) { }
}
