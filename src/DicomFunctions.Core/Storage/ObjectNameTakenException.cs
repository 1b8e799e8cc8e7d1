namespace DicomFunctions.Core.Storage;

/// <summary>A folder has the object's name, or an object the name of its folder. Where folders are real, the object needs another name.</summary>
public sealed class ObjectNameTakenException : ObjectStoreException
{
    public ObjectNameTakenException() { }

    public ObjectNameTakenException(string message) : base(message) { }

    public ObjectNameTakenException(string message, Exception innerException) : base(message, innerException) { }
}
