namespace DicomFunctions.Core.Storage;

/// <summary>One object cannot be read because the disk is damaged there. Others may be readable.</summary>
internal sealed class ObjectDamagedException : ObjectStoreException
{
    public ObjectDamagedException() { }

    public ObjectDamagedException(string message) : base(message) { }

    public ObjectDamagedException(string message, Exception innerException) : base(message, innerException) { }
}
