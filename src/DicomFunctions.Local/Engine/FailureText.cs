using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>An exception in words that may be kept and shown: what others' messages say is not known, and may name a patient.</summary>
internal static class FailureText
{
    public static string Of(Exception exception) => exception switch
    {
        ActivityFailedException or WorkflowDefectException or WorkflowVersionException or ObjectStoreException or JournalCorruptException
            or NotificationException or AccessTokenException => exception.Message,
        KeyNotFoundException { Message: var message } when message.StartsWith("There is no ", StringComparison.Ordinal) => message,
        _ => exception.GetType().Name,
    };
}
