using System.Runtime.InteropServices;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Core.FileSystem;

/// <summary>
/// Converts file system errors to <see cref="ObjectStoreException"/>. Drops the inner exception: its message contains the file's name,
/// which may name a patient, and would end up in logs.
/// </summary>
internal static class StoreError
{
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether an exception comes from the file system rather than from a defect here.</summary>
    public static bool IsFileSystem(Exception exception) =>
        exception is UnauthorizedAccessException or (IOException and not (ObjectStoreException or ObjectChangedException));

    /// <summary>The error for a failed call of the C library.</summary>
    public static ObjectStoreException FromErrno(string operation, int errno)
    {
        var message = $"The object store could not {operation}: {Describe(errno)}.";
        return errno switch
        {
            LibC.AccessDenied or LibC.NotPermitted => new ObjectDeniedException(message),
            LibC.InputOutput or LibC.BadMessage or LibC.NeedsCleaning => new ObjectDamagedException(message),
            LibC.IsDirectory or LibC.NotDirectory => new ObjectNameTakenException(message),
            _ => new ObjectStoreException(message),
        };
    }

    /// <summary>The error for an exception of .NET's file API.</summary>
    public static ObjectStoreException From(string operation, Exception exception) => exception switch
    {
        ObjectStoreException known => known,
        UnauthorizedAccessException => FromErrno(operation, LibC.AccessDenied),
        { HResult: WindowsDiskFull } => FromErrno(operation, LibC.NoSpace),
        { HResult: > 0 and < 4096 } => FromErrno(operation, exception.HResult),
        _ => new ObjectStoreException($"The object store could not {operation}: {exception.GetType().Name}."),
    };

    private static string Describe(int errno) => errno switch
    {
        LibC.NoSpace => "the disk is full",
        LibC.AccessDenied => "permission denied",
        LibC.CrossDevice => "its folders are on different file systems",
        _ => $"{Marshal.GetPInvokeErrorMessage(errno)} (error {errno})",
    };
}
