using DicomFunctions.Core.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>A file being written. A rename makes it an object; otherwise it is deleted.</summary>
internal sealed class TempFile : IDisposable
{
    private static long _lastTime;

    private readonly SafeFileHandle _file;
    private bool _isPlaced;

    public TempFile(StorePaths paths)
    {
        Path = System.IO.Path.Combine(paths.Temp, System.IO.Path.GetRandomFileName());
        _file = FileCalls.Run("write", () =>
        {
            try
            {
                return Open();
            }
            catch (DirectoryNotFoundException)
            {
                // Another process has removed the store's own folder, which was empty.
                Directory.CreateDirectory(paths.Temp);
                return Open();
            }
        });
    }

    public string Path { get; }

    /// <summary>The number of bytes written.</summary>
    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> content)
    {
        FileCalls.Write(_file, content, Length);
        Length += content.Length;
    }

    /// <summary>
    /// Makes the content durable and sets a distinct time: the file system's clock is too coarse to distinguish two writes of the same
    /// length by their ETags.
    /// </summary>
    public FileStat Finish(TimeProvider time)
    {
        var now = time.GetUtcNow().UtcTicks;
        long last, unique;
        do
        {
            last = Volatile.Read(ref _lastTime);
            unique = Math.Max(now, last + 1);
        }
        while (Interlocked.CompareExchange(ref _lastTime, unique, last) != last);

        FileCalls.Run("write", () =>
        {
            File.SetLastWriteTimeUtc(_file, new DateTime(unique, DateTimeKind.Utc));
            return true;
        });
        // A full sync: the time must be durable too.
        FileCalls.Run("make a write durable", () =>
        {
            RandomAccess.FlushToDisk(_file);
            return true;
        });
        return FileCalls.Stat(_file, Path);
    }

    /// <summary>Moves the file into place. False if the target's folder is missing.</summary>
    public bool TryPlace(string path)
    {
        if (OperatingSystem.IsWindows())
            _file.Dispose();
        return _isPlaced = FileCalls.TryRename(Path, path);
    }

    private SafeFileHandle Open() =>
        File.OpenHandle(Path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    public void Dispose()
    {
        _file.Dispose();
        if (!_isPlaced)
            FileCalls.TryDelete(Path);
    }
}
