namespace DicomFunctions.Core.Storage;

/// <summary>This one object, or folder, is closed to this host: it belongs to someone who did not let others read it.</summary>
public sealed class ObjectDeniedException : ObjectStoreException
{
    public ObjectDeniedException() { }

    public ObjectDeniedException(string message) : base(message) { }

    public ObjectDeniedException(string message, Exception innerException) : base(message, innerException) { }
}
