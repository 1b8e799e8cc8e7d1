using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Storage;

/// <summary>The object store failed: unreachable, access refused, full. Worth retrying later.</summary>
internal class ObjectStoreException : IOException, ISafeMessage
{
    public ObjectStoreException() { }

    public ObjectStoreException(string message) : base(message) { }

    public ObjectStoreException(string message, Exception innerException) : base(message, innerException) { }
}
