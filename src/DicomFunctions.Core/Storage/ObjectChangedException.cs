namespace DicomFunctions.Core.Storage;

/// <summary>An object no longer has the requested ETag.</summary>
internal sealed class ObjectChangedException : IOException
{
    public ObjectChangedException() { }

    public ObjectChangedException(string message) : base(message) { }

    public ObjectChangedException(string message, Exception innerException) : base(message, innerException) { }
}
