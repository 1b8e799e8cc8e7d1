using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;

namespace DicomFunctions.Local.Engine;

/// <summary>A description of an exception that is safe to store and show: messages of unknown origin may name a patient.</summary>
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
