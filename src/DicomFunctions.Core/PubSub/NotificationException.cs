using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.PubSub;

/// <summary>The subscription cannot be used: it is missing, forbidden or unreachable. The message says which.</summary>
internal sealed class NotificationException : IOException, ISafeMessage
{
    public NotificationException() { }

    public NotificationException(string message) : base(message) { }

    public NotificationException(string message, Exception innerException) : base(message, innerException) { }
}
