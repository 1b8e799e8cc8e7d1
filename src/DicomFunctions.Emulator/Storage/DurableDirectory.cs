using System.Runtime.InteropServices;

namespace DicomFunctions.Emulator.Storage;

/// <summary>Makes a directory's entries (new names, renames) survive a power cut; POSIX wants that said separately.</summary>
internal static partial class DurableDirectory
{
    /// <summary>Flushes where the platform knows such a thing. Windows keeps renames in its journal by itself.</summary>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

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
