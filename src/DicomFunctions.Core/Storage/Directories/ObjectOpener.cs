using DicomFunctions.Core.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>Opens objects for reading, never through a link: see <see cref="OpenBelow"/>.</summary>
internal sealed class ObjectOpener(StorePaths paths) : IDisposable
{
    private readonly Lock _lock = new();
    private SafeFileHandle? _root;
    private volatile bool _isUnsupported = !OperatingSystem.IsLinux();

    /// <summary>Opens the file of an object. Null if it does not exist.</summary>
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
        if (OpenBelow.TryOpen(Root(), name, out var errno) is { } file)
            return file;
        if (errno is LibC.NoEntry or LibC.NotDirectory or LibC.TooManyLinks or LibC.CrossDevice)
            return null;
        if (!OpenBelow.IsUnsupported(errno))
            throw StoreError.FromErrno("open an object", errno);
        _isUnsupported = true;
        return OpenByLooking(name, path);
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
            return _root = OpenBelow.TryOpenFolder(paths.Root, out var errno) ?? throw StoreError.FromErrno("open its folder", errno);
        }
    }
}
