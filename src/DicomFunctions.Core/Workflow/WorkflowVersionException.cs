using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Workflow;

/// <summary>A workflow's state was kept by a later build, and this one does not know how to go on from it.</summary>
public sealed class WorkflowVersionException : Exception, ISafeMessage
{
    public WorkflowVersionException() { }

    public WorkflowVersionException(string message) : base(message) { }

    public WorkflowVersionException(string message, Exception innerException) : base(message, innerException) { }

    /// <param name="version">What the state is of.</param>
    /// <param name="known">The last that this build knows.</param>
    public WorkflowVersionException(int version, int known)
        : base($"The state is of version {version}, of a later build; this one goes on from up to {known}. Resume it with that build.") { }
}
