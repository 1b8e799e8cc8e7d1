using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.Drop;

/// <summary>Whose trouble it is that a dropped file cannot be cleared away.</summary>
internal static class DropTrouble
{
    /// <summary>Whether an exception is taken for the file's trouble, which must not hold up the others, and not for the host's.</summary>
    public static bool IsOfTheFile(Exception exception, CancellationToken cancellationToken) =>
        !HostTrouble.Is(exception) && !cancellationToken.IsCancellationRequested;

    /// <summary>Whether the same call may succeed a moment later: the store, not the file, may have been the trouble.</summary>
    public static bool MayPass(Exception exception) =>
        exception is ObjectStoreException and not (ObjectDeniedException or ObjectDamagedException or ObjectNameTakenException);
}
