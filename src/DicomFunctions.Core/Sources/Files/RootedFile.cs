using System.Runtime.InteropServices;
using DicomFunctions.Core.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Sources.Files;

/// <summary>Opens a file whose path had no links when it was resolved, and makes sure that it still has none.</summary>
internal static class RootedFile
{
    /// <summary>Opens for reading. Throws the same exceptions as <see cref="File.OpenHandle"/>.</summary>
    public static SafeFileHandle Open(string root, string path) =>
        (OperatingSystem.IsLinux() ? OpenBeneath(root, path) : null) ?? OpenByLooking(path);

    /// <summary>
    /// Makes the kernel refuse a link that was added since the path was resolved. Null if the kernel cannot (before 5.6, or in some
    /// sandboxes).
    /// </summary>
    private static SafeFileHandle? OpenBeneath(string root, string path)
    {
        using var folder = OpenBelow.TryOpenFolder(root, out var errno);
        return folder is null ? throw Error(errno)
            : OpenBelow.TryOpen(folder, path[root.Length..].TrimStart('/'), out errno)
            ?? (OpenBelow.IsUnsupported(errno) ? null : throw Error(errno));
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
