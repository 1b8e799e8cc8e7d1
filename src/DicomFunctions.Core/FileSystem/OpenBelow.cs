using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.FileSystem;

/// <summary>
/// Opens files below a folder for reading, never through a link. The kernel checks that as part of the call, so nobody with write access
/// can swap in a link between a check and the opening. Linux only.
/// </summary>
internal static class OpenBelow
{
    /// <summary>Opens the folder. Null if that fails; <paramref name="errno"/> says why.</summary>
    public static SafeFileHandle? TryOpenFolder(string path, out int errno) =>
        Own(LibC.Open(path, LibC.OpenCloseOnExec), out errno);

    /// <summary>Opens a file. Null if that fails; <paramref name="errno"/> says why.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">The file's path relative to the folder.</param>
    /// <param name="errno">The system's error number; 0 on success.</param>
    public static SafeFileHandle? TryOpen(SafeFileHandle folder, string path, out int errno)
    {
        // Non-blocking: opening a named pipe would otherwise wait for a writer.
        var how = new LibC.OpenHow
        {
            Flags = LibC.OpenCloseOnExec | LibC.OpenNonBlocking,
            Resolve = LibC.ResolveBeneath | LibC.ResolveNoSymlinks,
        };
        return Own(LibC.OpenAt2(LibC.OpenAt2Number, folder, path, how, Marshal.SizeOf<LibC.OpenHow>()), out errno);
    }

    /// <summary>Whether the error means that the call does not exist: a kernel before 5.6, or a sandbox that does not know it.</summary>
    public static bool IsUnsupported(int errno) => errno is LibC.FunctionNotImplemented or LibC.NotPermitted;

    private static SafeFileHandle? Own(nint descriptor, out int errno)
    {
        errno = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
