namespace DicomFunctions.Core.Workflow;

/// <summary>An activity failed on every attempt that the engine allows. The message may be stored: it has no patient data.</summary>
public sealed class ActivityFailedException : Exception
{
    public ActivityFailedException() { }

    public ActivityFailedException(string message) : base(message) { }

    public ActivityFailedException(string message, Exception innerException) : base(message, innerException) { }
}
