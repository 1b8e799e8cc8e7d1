namespace DicomFunctions.Core.Storage;

/// <summary>This one object can not be read, as the medium it lies on is damaged there; others may well be.</summary>
public sealed class ObjectDamagedException : ObjectStoreException
{
    public ObjectDamagedException() { }

    public ObjectDamagedException(string message) : base(message) { }

    public ObjectDamagedException(string message, Exception innerException) : base(message, innerException) { }
}
