using System.Runtime.InteropServices;
using DicomFunctions.Core.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>
/// Opens objects for reading, never through a link. On Linux the kernel sees to that in one call, so that nobody who may write
/// to a folder can swap in a link between the look and the opening.
/// </summary>
internal sealed class ObjectOpener(StorePaths paths) : IDisposable
{
    private const int FunctionNotImplemented = 38;
    private const int NotPermitted = 1;

    private readonly Lock _lock = new();
    private SafeFileHandle? _root;
    private volatile bool _isUnsupported = !OperatingSystem.IsLinux();

    /// <summary>Opens the file of an object. Null when there is none.</summary>
    public SafeFileHandle? Open(string name, out FileStat stat)
    {
        stat = default;
        var path = paths.Of(name);
        var file = _isUnsupported ? OpenByLooking(name, path) : OpenBeneath(name, path);
        if (file is null)
            return null;
        try
        {
            stat = FileCalls.Stat(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }

        if (stat.Kind is FileKind.Regular)
            return file;
        file.Dispose();
        return null;
    }

    public void Dispose() => _root?.Dispose();

    private SafeFileHandle? OpenBeneath(string name, string path)
    {
        // Not blocking: a named pipe that someone put there would otherwise wait for its writer.
        var how = new LibC.OpenHow
        {
            Flags = LibC.OpenCloseOnExec | LibC.OpenNonBlocking,
            Resolve = LibC.ResolveBeneath | LibC.ResolveNoSymlinks,
        };
        var descriptor = LibC.OpenAt2(LibC.OpenAt2Number, Root(), name, how, Marshal.SizeOf<LibC.OpenHow>());
        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);
        switch (Marshal.GetLastPInvokeError())
        {
            case LibC.NoEntry or LibC.NotDirectory or LibC.TooManyLinks or LibC.CrossDevice:
                return null;
            case FunctionNotImplemented or NotPermitted:
                _isUnsupported = true; // A kernel before 5.6, or a sandbox that does not know the call.
                return OpenByLooking(name, path);
            case var errno:
                throw StoreError.FromErrno("open an object", errno);
        }
    }

    private SafeFileHandle? OpenByLooking(string name, string path)
    {
        if (paths.IsBehindLink(name) || FileCalls.Stat(path) is not { Kind: FileKind.Regular })
            return null;
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            throw StoreError.From("open an object", exception);
        }
    }

    private SafeFileHandle Root()
    {
        if (_root is { } open)
            return open;
        lock (_lock)
        {
            if (_root is not null)
                return _root;
            var descriptor = LibC.Open(paths.Root, LibC.OpenCloseOnExec);
            return _root = descriptor >= 0
                ? new SafeFileHandle(descriptor, ownsHandle: true)
                : throw StoreError.FromErrno("open its folder", Marshal.GetLastPInvokeError());
        }
    }
}
