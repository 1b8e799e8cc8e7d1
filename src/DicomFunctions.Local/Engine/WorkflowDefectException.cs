namespace DicomFunctions.Local.Engine;

/// <summary>Workflow code did what it must not: its turn could not be run again alike. The message says what, and no data.</summary>
internal sealed class WorkflowDefectException : Exception
{
    public WorkflowDefectException() { }

    public WorkflowDefectException(string message) : base(message) { }

    public WorkflowDefectException(string message, Exception innerException) : base(message, innerException) { }
}
