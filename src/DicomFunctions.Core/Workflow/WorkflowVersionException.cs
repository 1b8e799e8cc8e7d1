using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Workflow;

/// <summary>A later build wrote this workflow's state, and this build cannot continue from it.</summary>
internal sealed class WorkflowVersionException : Exception, ISafeMessage
{
    public WorkflowVersionException() { }

    public WorkflowVersionException(string message) : base(message) { }

    public WorkflowVersionException(string message, Exception innerException) : base(message, innerException) { }

    /// <param name="version">The version of the state.</param>
    /// <param name="known">The latest version that this build knows.</param>
    public WorkflowVersionException(int version, int known)
        : base($"A later build wrote this state: version {version}; this build knows up to {known}. Resume it with that build.") { }
}
