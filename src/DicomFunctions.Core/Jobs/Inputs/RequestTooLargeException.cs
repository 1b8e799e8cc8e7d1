namespace DicomFunctions.Core.Jobs.Inputs;

/// <summary>A request exceeds a limit, which the message names.</summary>
internal sealed class RequestTooLargeException : Exception
{
    public RequestTooLargeException() { }

    public RequestTooLargeException(string message) : base(message) { }

    public RequestTooLargeException(string message, Exception innerException) : base(message, innerException) { }
}
