using DicomFunctions.Core.Failures;

namespace DicomFunctions.Local.Engine;

/// <summary>Workflow code broke the rules, so that its turn cannot be repeated. The message says how, without data.</summary>
internal sealed class WorkflowDefectException : Exception, ISafeMessage
{
    public WorkflowDefectException() { }

    public WorkflowDefectException(string message) : base(message) { }

    public WorkflowDefectException(string message, Exception innerException) : base(message, innerException) { }
}
