using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Workflow;

/// <summary>An activity failed, at last on every attempt the engine was allowed.</summary>
public sealed class ActivityFailedException : Exception, ISafeMessage
{
    public ActivityFailedException() { }

    public ActivityFailedException(string message) : base(message) { }

    public ActivityFailedException(string message, Exception innerException) : base(message, innerException) { }
}
