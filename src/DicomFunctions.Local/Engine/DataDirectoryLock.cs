using System.Diagnostics;
using System.Globalization;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Storage;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Local.Engine;

/// <summary>
/// The lock of the one process that uses a data directory: on a file in it, and on the folder itself, which stays locked even if the file
/// is deleted. The system releases both when the process ends, however it ends.
/// </summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = "lock";
    private const string OwnerName = "owner";

    private readonly FileStream _file;
    private readonly SafeFileHandle? _folder;

    private DataDirectoryLock(FileStream file, SafeFileHandle? folder) => (_file, _folder) = (file, folder);

    /// <summary>Locks an existing directory.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process uses it; the message names the process if it is known.</exception>
    /// <exception cref="ObjectStoreException">The directory cannot be locked: a read-only or full disk, or too many open files.</exception>
    public static DataDirectoryLock Take(string directory)
    {
        var file = FileCalls.Run("lock the data directory", () => OpenLocked(directory));
        SafeFileHandle? folder = null;
        try
        {
            if (!FileCalls.TryLockDirectory(directory, out folder))
                throw InUse(directory, innerException: null);
            WriteOwner(directory, address: null);
            return new DataDirectoryLock(file, folder);
        }
        catch
        {
            folder?.Dispose();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Records where this process, which has the lock, serves the jobs of the directory.</summary>
    public static void Announce(string directory, string address) => WriteOwner(directory, address);

    /// <summary>Where another process that has the lock serves the jobs of the directory; null if it does not say so.</summary>
    public static string? ServedAt(string directory) => OwnerOf(directory)?.Address;

    // The file stays. If it were deleted, a process that has it open and a process that creates it again could both hold a lock.
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

    private static DataDirectoryInUseException InUse(string directory, Exception? innerException)
    {
        var owner = OwnerOf(directory);
        var name = owner is null ? "another process" : $"process {owner.ProcessId}";
        return new DataDirectoryInUseException(
            $"The data directory '{directory}' is in use by {name}. Stop that process, or give this one another directory.",
            innerException!)
        {
            Address = owner?.Address,
        };
    }

    /// <summary>Records this process and its start time in a separate file, because the locked one cannot be read.</summary>
    private static void WriteOwner(string directory, string? address)
    {
        try
        {
            using var me = Process.GetCurrentProcess();
            var note = string.Create(CultureInfo.InvariantCulture, $"{me.Id} {StartOf(me)} {address}").TrimEnd();
            File.WriteAllText(Path.Combine(directory, OwnerName), note);
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            // A full disk: the lock still holds, but its message cannot name the process.
        }
    }

    /// <summary>The process on record, if the same process still has that id.</summary>
    private static OwnerNote? OwnerOf(string directory)
    {
        try
        {
            var note = File.ReadAllText(Path.Combine(directory, OwnerName)).Split(' ');
            using var process = Process.GetProcessById(int.Parse(note[0], CultureInfo.InvariantCulture));
            // Within two seconds, because the system recomputes the start time every time.
            if (note.Length is 2 or 3 && Math.Abs(StartOf(process) - long.Parse(note[1], CultureInfo.InvariantCulture)) <= 2)
                return new OwnerNote(process.Id, note.ElementAtOrDefault(2));
        }
        catch (Exception exception) when (
            StoreError.IsFileSystem(exception)
            || exception is ArgumentException or FormatException or OverflowException or InvalidOperationException
                or System.ComponentModel.Win32Exception)
        {
            // Not written, written by another build, or for a process that has ended: it does not name the current holder of the lock.
        }

        return null;
    }

    /// <summary>The start time in seconds. An id alone is not enough, since another process may have it by now.</summary>
    private static long StartOf(Process process) => process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond;

    private sealed record OwnerNote(int ProcessId, string? Address);
}
