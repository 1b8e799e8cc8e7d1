using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.FileSystem;

/// <summary>
/// Opens files below a folder, for reading, never through a link. The kernel sees to that in one call, so that nobody who may write to a
/// folder can put a link in the way between a look and the opening. Linux alone has it.
/// </summary>
internal static class OpenBelow
{
    /// <summary>Opens the folder. Null: it cannot be opened, and <paramref name="errno"/> says why.</summary>
    public static SafeFileHandle? TryOpenFolder(string path, out int errno) =>
        Own(LibC.Open(path, LibC.OpenCloseOnExec), out errno);

    /// <summary>Opens a file. Null: it cannot be opened, and <paramref name="errno"/> says why.</summary>
    /// <param name="folder">The folder it is below.</param>
    /// <param name="path">Its path from there.</param>
    /// <param name="errno">The error of the system; 0: none.</param>
    public static SafeFileHandle? TryOpen(SafeFileHandle folder, string path, out int errno)
    {
        // Not blocking: a named pipe that someone put there would otherwise wait for its writer.
        var how = new LibC.OpenHow
        {
            Flags = LibC.OpenCloseOnExec | LibC.OpenNonBlocking,
            Resolve = LibC.ResolveBeneath | LibC.ResolveNoSymlinks,
        };
        return Own(LibC.OpenAt2(LibC.OpenAt2Number, folder, path, how, Marshal.SizeOf<LibC.OpenHow>()), out errno);
    }

    /// <summary>Whether the error says that there is no such call: a kernel before 5.6, or a sandbox that does not know it.</summary>
    public static bool IsUnsupported(int errno) => errno is LibC.FunctionNotImplemented or LibC.NotPermitted;

    private static SafeFileHandle? Own(nint descriptor, out int errno)
    {
        errno = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
