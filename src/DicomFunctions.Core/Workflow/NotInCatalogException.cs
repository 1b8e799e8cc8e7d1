using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Workflow;

/// <summary>The <see cref="WorkflowCatalog"/> has no workflow, or no activity, of the name: another build does.</summary>
internal sealed class NotInCatalogException : KeyNotFoundException, ISafeMessage
{
    public NotInCatalogException() { }

    public NotInCatalogException(string message) : base(message) { }

    public NotInCatalogException(string message, Exception innerException) : base(message, innerException) { }
}
