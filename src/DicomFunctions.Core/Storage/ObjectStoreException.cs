using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Storage;

/// <summary>The object store could not do what was asked: unreachable, refused, full. Worth trying again later.</summary>
public class ObjectStoreException : IOException, ISafeMessage
{
    public ObjectStoreException() { }

    public ObjectStoreException(string message) : base(message) { }

    public ObjectStoreException(string message, Exception innerException) : base(message, innerException) { }
}
