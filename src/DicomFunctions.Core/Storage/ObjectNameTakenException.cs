namespace DicomFunctions.Core.Storage;

/// <summary>The object's name is that of a folder, or its folder's name that of an object. Real folders cannot have both.</summary>
internal sealed class ObjectNameTakenException : ObjectStoreException
{
    public ObjectNameTakenException() { }

    public ObjectNameTakenException(string message) : base(message) { }

    public ObjectNameTakenException(string message, Exception innerException) : base(message, innerException) { }
}
