using DicomFunctions.Core.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>A file being written: it becomes an object by one rename, or vanishes.</summary>
internal sealed class TempFile : IDisposable
{
    private static long _lastTime;

    private readonly SafeFileHandle _file;
    private bool _isPlaced;

    public TempFile(StorePaths paths)
    {
        Path = System.IO.Path.Combine(paths.Temp, System.IO.Path.GetRandomFileName());
        _file = FileCalls.Run("write", () => File.OpenHandle(Path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
    }

    public string Path { get; }

    /// <summary>Bytes written so far.</summary>
    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> content)
    {
        FileCalls.Write(_file, content, Length);
        Length += content.Length;
    }

    /// <summary>
    /// Makes the content durable, under a time of its own: a file system's clock is too coarse to tell two writes of one length
    /// apart, and ETags are made of it.
    /// </summary>
    public FileStat Finish(TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcTicks;
        long last, time;
        do
        {
            last = Volatile.Read(ref _lastTime);
            time = Math.Max(now, last + 1);
        }
        while (Interlocked.CompareExchange(ref _lastTime, time, last) != last);

        FileCalls.Run("write", () =>
        {
            File.SetLastWriteTimeUtc(_file, new DateTime(time, DateTimeKind.Utc));
            return true;
        });
        // A full sync: the time is to be durable with the content.
        FileCalls.Run("make a write durable", () =>
        {
            RandomAccess.FlushToDisk(_file);
            return true;
        });
        return FileCalls.Stat(_file, Path);
    }

    /// <summary>Puts the file in place. False when the target's folder is missing.</summary>
    public bool TryPlace(string path)
    {
        if (OperatingSystem.IsWindows())
            _file.Dispose();
        return _isPlaced = FileCalls.TryRename(Path, path);
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_isPlaced)
            FileCalls.TryDelete(Path);
    }
}
