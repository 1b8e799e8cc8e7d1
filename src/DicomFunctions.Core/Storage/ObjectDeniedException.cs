namespace DicomFunctions.Core.Storage;

/// <summary>This host is not permitted to access one object or folder. Others may be accessible.</summary>
internal sealed class ObjectDeniedException : ObjectStoreException
{
    public ObjectDeniedException() { }

    public ObjectDeniedException(string message) : base(message) { }

    public ObjectDeniedException(string message, Exception innerException) : base(message, innerException) { }
}
