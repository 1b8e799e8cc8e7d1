using DicomFunctions.Core.Authorization;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.PubSub;
using DicomFunctions.Core.Storage;
using DicomFunctions.Core.Workflow;
using Xunit;

namespace DicomFunctions.Core.Tests.Failures;

public sealed class FailureTextTests
{
    public static TheoryData<Exception, string> Exceptions => new()
    {
        { new ObjectStoreException("The disk is full."), "The disk is full." },
        { new ObjectDeniedException("Permission denied."), "Permission denied." },
        { new NotificationException("Pub/Sub answered 403."), "Pub/Sub answered 403." },
        { new AccessTokenException("Log in first."), "Log in first." },
        { new ActivityFailedException("It failed 3 times."), "It failed 3 times." },
        { new WorkflowVersionException(2, 1), new WorkflowVersionException(2, 1).Message },
        { new NotInCatalogException("There is no activity named 'x'."), "There is no activity named 'x'." },
        { new KeyNotFoundException("There is no patient Doe."), "KeyNotFoundException" },
        { new IOException("/in/doe^john.dcm"), "IOException" },
        { new InvalidOperationException("Doe", new ObjectStoreException("The disk is full.")), "InvalidOperationException" },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void Of_tells_a_safe_message_and_otherwise_the_type_alone(Exception exception, string expected) =>
        Assert.Equal(expected, FailureText.Of(exception));
}
