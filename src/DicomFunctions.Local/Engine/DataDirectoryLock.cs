using System.Diagnostics;
using System.Globalization;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// Held by the one process that works in a data directory: on a file in it, and on the folder itself, which stays locked though somebody
/// deletes the file. The system lets go of both when the process ends, however it does.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = "lock";
    private const string OwnerName = "owner";

    private readonly FileStream _file;
    private readonly SafeFileHandle? _folder;

    private DataDirectoryLock(FileStream file, SafeFileHandle? folder) => (_file, _folder) = (file, folder);

    /// <summary>Takes the lock of a directory that exists.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process has it; the message says which, if that is known.</exception>
    /// <exception cref="ObjectStoreException">It cannot be locked: a read-only or full disk, too many open files.</exception>
    public static DataDirectoryLock Take(string directory)
    {
        var file = FileCalls.Run("lock the data directory", () => OpenLocked(directory));
        SafeFileHandle? folder = null;
        try
        {
            if (!FileCalls.TryLockDirectory(directory, out folder))
                throw InUse(directory, innerException: null);
            WriteOwner(directory);
            return new DataDirectoryLock(file, folder);
        }
        catch
        {
            folder?.Dispose();
            file.Dispose();
            throw;
        }
    }

    // The file stays: to delete it would let a process that waits to open it and one that makes it anew both have a lock on it.
    public void Dispose()
    {
        _folder?.Dispose();
        _file.Dispose();
    }

    private static FileStream OpenLocked(string directory)
    {
        try
        {
            return new FileStream(Path.Combine(directory, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (IsLockedByAnother(exception))
        {
            throw InUse(directory, exception);
        }
    }

    private static bool IsLockedByAnother(IOException exception)
    {
        const int WindowsSharingViolation = unchecked((int)0x80070020);
        return exception.HResult is WindowsSharingViolation or LibC.WouldBlock or LibC.WouldBlockOnMac;
    }

    private static DataDirectoryInUseException InUse(string directory, Exception? innerException) => new(
        $"The data directory '{directory}' is in use by {Owner(directory)}. Stop that process, or give this one a directory of its own.",
        innerException!);

    /// <summary>Notes this process and when it started, in a file of its own, because the locked one cannot be read.</summary>
    private static void WriteOwner(string directory)
    {
        try
        {
            using var me = Process.GetCurrentProcess();
            File.WriteAllText(Path.Combine(directory, OwnerName), string.Create(CultureInfo.InvariantCulture, $"{me.Id} {StartOf(me)}"));
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            // A full disk: the lock holds all the same, only its message will not know the process.
        }
    }

    /// <summary>The process that noted itself, if it is still the one that runs under that number.</summary>
    private static string Owner(string directory)
    {
        try
        {
            var note = File.ReadAllText(Path.Combine(directory, OwnerName)).Split(' ');
            using var process = Process.GetProcessById(int.Parse(note[0], CultureInfo.InvariantCulture));
            // To a second or two: the system computes it anew each time.
            if (note.Length == 2 && Math.Abs(StartOf(process) - long.Parse(note[1], CultureInfo.InvariantCulture)) <= 2)
                return $"process {note[0]}";
        }
        catch (Exception exception) when (
            StoreError.IsFileSystem(exception) || exception is ArgumentException or FormatException or OverflowException or InvalidOperationException
            or System.ComponentModel.Win32Exception)
        {
            // Not written, of another build, or of a process that has ended: it does not say who holds the lock now.
        }

        return "another process";
    }

    /// <summary>In seconds. The number of a process alone may be another's by now.</summary>
    private static long StartOf(Process process) => process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;
}
