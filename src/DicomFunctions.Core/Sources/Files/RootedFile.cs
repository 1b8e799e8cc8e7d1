using System.Runtime.InteropServices;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage.Directories;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Sources.Files;

/// <summary>Opens a file whose path was found to be free of links, and makes sure it still is.</summary>
internal static class RootedFile
{
    private const int FunctionNotImplemented = 38;
    private const int NotPermitted = 1;

    /// <summary>Opens for reading. Throws what <see cref="File.OpenHandle"/> throws.</summary>
    public static SafeFileHandle Open(string root, string path) =>
        (OperatingSystem.IsLinux() ? OpenBeneath(root, path) : null) ?? OpenByLooking(path);

    /// <summary>
    /// Lets the kernel refuse a link that was put in the way since the path was looked at. Null where it does not know how
    /// (before 5.6, or in some sandboxes).
    /// </summary>
    private static SafeFileHandle? OpenBeneath(string root, string path)
    {
        var rootDescriptor = LibC.Open(root, LibC.OpenCloseOnExec);
        if (rootDescriptor < 0)
            throw Error(Marshal.GetLastPInvokeError());
        using var folder = new SafeFileHandle(rootDescriptor, ownsHandle: true);

        // Not blocking: a named pipe would otherwise wait for its writer.
        var how = new LibC.OpenHow
        {
            Flags = LibC.OpenCloseOnExec | LibC.OpenNonBlocking,
            Resolve = LibC.ResolveBeneath | LibC.ResolveNoSymlinks,
        };
        var descriptor = LibC.OpenAt2(LibC.OpenAt2Number, folder, path[root.Length..].TrimStart('/'), how, Marshal.SizeOf<LibC.OpenHow>());
        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);
        var errno = Marshal.GetLastPInvokeError();
        return errno is FunctionNotImplemented or NotPermitted ? null : throw Error(errno);
    }

    private static SafeFileHandle OpenByLooking(string path) =>
        FileCalls.Stat(path) is { Kind: FileKind.Other or FileKind.Directory }
            ? throw new IOException("Not a file.")
            : File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private static Exception Error(int errno) => errno switch
    {
        LibC.NoEntry or LibC.NotDirectory => new FileNotFoundException(),
        LibC.AccessDenied => new UnauthorizedAccessException(),
        _ => new IOException(Marshal.GetPInvokeErrorMessage(errno), errno),
    };
}
