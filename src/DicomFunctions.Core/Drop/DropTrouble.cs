using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>Classifies the failures to clear a dropped file.</summary>
internal static class DropTrouble
{
    /// <summary>Whether the cause is the file, which must not stop the others, rather than the host.</summary>
    public static bool IsOfTheFile(Exception exception, CancellationToken cancellationToken) =>
        !HostTrouble.Is(exception) && !cancellationToken.IsCancellationRequested;

    /// <summary>Whether a later attempt may succeed because the store, not the file, may be the cause.</summary>
    public static bool MayPass(Exception exception) =>
        exception is ObjectStoreException and not (ObjectDeniedException or ObjectDamagedException or ObjectNameTakenException);
}
