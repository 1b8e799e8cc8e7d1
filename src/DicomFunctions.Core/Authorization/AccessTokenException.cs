using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Authorization;

/// <summary>There is no token to be had; the message says what to do, and holds no secret.</summary>
public sealed class AccessTokenException : Exception, ISafeMessage
{
    public AccessTokenException() { }

    public AccessTokenException(string message) : base(message) { }

    public AccessTokenException(string message, Exception innerException) : base(message, innerException) { }
}
