using System.Runtime.InteropServices;

namespace DicomFunctions.Emulator.Storage;

/// <summary>Makes new and renamed entries of a directory survive a power cut, for which POSIX requires a separate flush.</summary>
internal static partial class DurableDirectory
{
    /// <summary>Flushes the directory's entries. Does nothing on Windows, which journals renames itself.</summary>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open(directory, 0);
        if (descriptor >= 0)
        {
            _ = Sync(descriptor);
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
