namespace DicomFunctions.Core.Workflow;

/// <summary>An activity failed, at last on every attempt the engine was allowed. The message may be kept and shown: it names no patient.</summary>
public sealed class ActivityFailedException : Exception
{
    public ActivityFailedException() { }

    public ActivityFailedException(string message) : base(message) { }

    public ActivityFailedException(string message, Exception innerException) : base(message, innerException) { }
}
