using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Authorization;

/// <summary>No token could be obtained. The message says what to do and contains no secret.</summary>
public sealed class AccessTokenException : Exception, ISafeMessage
{
    public AccessTokenException() { }

    public AccessTokenException(string message) : base(message) { }

    public AccessTokenException(string message, Exception innerException) : base(message, innerException) { }
}
