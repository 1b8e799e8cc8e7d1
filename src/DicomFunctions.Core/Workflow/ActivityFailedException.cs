using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Workflow;

/// <summary>An activity failed on every outcome that the engine allows.</summary>
internal sealed class ActivityFailedException : Exception, ISafeMessage
{
    public ActivityFailedException() { }

    public ActivityFailedException(string message) : base(message) { }

    public ActivityFailedException(string message, Exception innerException) : base(message, innerException) { }
}
