using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DicomFunctions.Core.Storage;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.FileSystem;

/// <summary>File system calls for the store: they follow no links, rename atomically, and make data durable on request.</summary>
internal static class FileCalls
{
    /// <summary>Describes a path; null if nothing is there.</summary>
    public static FileStat? Stat(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            return info.Exists || info.LinkTarget is not null ? FileStat.From(info) : null;
        }

        if (LibC.StatX(LibC.CurrentDirectory, path, LibC.StatNoFollow, LibC.StatBasic, out var stat) == 0)
            return FileStat.From(stat);
        var errno = Marshal.GetLastPInvokeError();
        return errno is LibC.NoEntry or LibC.NotDirectory ? null : throw StoreError.FromErrno("look up an object", errno);
    }

    /// <summary>Describes an open file, which is no longer the file at its path if that was replaced.</summary>
    public static FileStat Stat(SafeFileHandle file, string path)
    {
        if (!OperatingSystem.IsLinux())
            return FileStat.From(new FileInfo(path));
        return LibC.StatX(file, "", LibC.StatEmptyPath, LibC.StatBasic, out var stat) == 0
            ? FileStat.From(stat)
            : throw StoreError.FromErrno("look up an object", Marshal.GetLastPInvokeError());
    }

    /// <summary>Renames a file and replaces the target. False if the source or the target's folder is missing.</summary>
    /// <exception cref="ObjectStoreException">The rename failed for another reason.</exception>
    public static bool TryRename(string from, string to) => TryRename(from, to, out var isOtherFileSystem)
        || (isOtherFileSystem ? throw StoreError.FromErrno("put an object in place", LibC.CrossDevice) : false);

    /// <summary>Like the other overload, but reports paths on different file systems, between which nothing can be renamed.</summary>
    public static bool TryRename(string from, string to, out bool isOtherFileSystem)
    {
        isOtherFileSystem = false;
        if (OperatingSystem.IsWindows())
        {
            if (!File.Exists(from) || !Directory.Exists(Path.GetDirectoryName(to)))
                return false;
            if (Directory.Exists(to))
                throw StoreError.FromErrno("put an object in place", LibC.IsDirectory);
            File.Move(from, to, overwrite: true);
            return true;
        }

        if (LibC.Rename(from, to) == 0)
            return true;
        var errno = Marshal.GetLastPInvokeError();
        isOtherFileSystem = errno is LibC.CrossDevice;
        return errno is LibC.NoEntry or LibC.CrossDevice ? false : throw StoreError.FromErrno("put an object in place", errno);
    }

    /// <summary>Deletes a file. False if it does not exist.</summary>
    public static bool TryDelete(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            var existed = File.Exists(path);
            File.Delete(path);
            return existed;
        }

        if (LibC.Unlink(path) == 0)
            return true;
        var errno = Marshal.GetLastPInvokeError();
        return errno is LibC.NoEntry or LibC.NotDirectory ? false : throw StoreError.FromErrno("delete an object", errno);
    }

    /// <summary>Makes a file's content durable, but not necessarily its timestamps.</summary>
    public static void SyncData(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file);
        else if (LibC.SyncData(file) != 0)
            throw StoreError.FromErrno("make a write durable", Marshal.GetLastPInvokeError());
    }

    /// <summary>Makes creations, renames and deletions in a folder durable. Windows needs no call for that.</summary>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var descriptor = LibC.Open(path, OperatingSystem.IsLinux() ? LibC.OpenCloseOnExec : 0);
        if (descriptor < 0)
        {
            // The folder was removed meanwhile; that is its remover's responsibility.
            if (Marshal.GetLastPInvokeError() is LibC.NoEntry)
                return;
            throw StoreError.FromErrno("make a folder durable", Marshal.GetLastPInvokeError());
        }

        using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        // Some network file systems cannot sync a folder; they are durable without it.
        if (LibC.Sync(directory) != 0 && Marshal.GetLastPInvokeError() is not LibC.InvalidArgument)
            throw StoreError.FromErrno("make a folder durable", Marshal.GetLastPInvokeError());
    }

    /// <summary>
    /// Locks the folder itself until the handle is closed or the process ends, so that deleting a file in it does not release the lock.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="handle">Holds the lock; null if the system cannot lock a folder (Windows, some network file systems).</param>
    /// <returns>False if another process has locked the folder.</returns>
    /// <exception cref="ObjectStoreException">The folder cannot be opened.</exception>
    public static bool TryLockDirectory(string path, out SafeFileHandle? handle)
    {
        handle = null;
        if (OperatingSystem.IsWindows())
            return true;
        var descriptor = LibC.Open(path, OperatingSystem.IsLinux() ? LibC.OpenCloseOnExec : 0);
        if (descriptor < 0)
            throw StoreError.FromErrno("lock the data directory", Marshal.GetLastPInvokeError());
        handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (LibC.Lock(handle, LibC.LockExclusive | LibC.LockNonBlocking) == 0)
            return true;
        var errno = Marshal.GetLastPInvokeError();
        handle.Dispose();
        handle = null;
        if (errno is LibC.WouldBlock or LibC.WouldBlockOnMac)
            return false;
        // Some network file systems cannot lock a folder; the lock file protects it there.
        return errno is LibC.InvalidArgument or LibC.NotSupported or LibC.NoLocks
            ? true
            : throw StoreError.FromErrno("lock the data directory", errno);
    }

    /// <summary>Calls .NET's file API and converts its exceptions to those of the store.</summary>
    public static T Run<T>(string operation, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            throw StoreError.From(operation, exception);
        }
    }

    /// <summary>Removes everyone else's access to the owner's file or folder. False if it belongs to another user.</summary>
    public static bool TryCloseToOthers(string path, UnixFileMode kept = UnixFileMode.None)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows())
            return true;
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & (Owner | kept)) != mode)
                File.SetUnixFileMode(path, mode & (Owner | kept));
            return true;
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            return exception is FileNotFoundException or DirectoryNotFoundException;
        }
    }

    /// <summary>Writes the whole of <paramref name="content"/>.</summary>
    [SuppressMessage("Performance", "CA1835", Justification = "Not a stream.")]
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> content, long offset)
    {
        try
        {
            RandomAccess.Write(file, content, offset);
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            throw StoreError.From("write", exception);
        }
    }

    /// <summary>Reads until <paramref name="buffer"/> is full or the file ends; returns the number of bytes read.</summary>
    public static int Read(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        try
        {
            var total = 0;
            while (total < buffer.Length && RandomAccess.Read(file, buffer[total..], offset + total) is var read and > 0)
                total += read;
            return total;
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            throw StoreError.From("read", exception);
        }
    }
}
