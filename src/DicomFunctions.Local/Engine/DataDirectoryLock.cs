using System.Globalization;

namespace DicomFunctions.Local.Engine;

/// <summary>Held by the one process that works in a data directory. The system lets go of it when the process ends, however it does.</summary>
internal sealed class DataDirectoryLock : IDisposable
{
    private const string FileName = "lock";
    private const string OwnerName = "owner";

    private readonly FileStream _file;

    private DataDirectoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of a directory that exists.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process has it; the message says which.</exception>
    public static DataDirectoryLock Take(string directory)
    {
        var path = Path.Combine(directory, FileName);
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new DataDirectoryInUseException(
                $"The data directory '{directory}' is in use by process {Owner(directory)}. Stop that process, or give this one a directory of its own.",
                exception);
        }

        try
        {
            // In a file of its own, because the locked one can not be read.
            File.WriteAllText(Path.Combine(directory, OwnerName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A full disk: the lock holds all the same, only its message will not know the process.
        }

        return new DataDirectoryLock(file);
    }

    // The file stays: to delete it would let a process that waits to open it and one that makes it anew both have a lock.
    public void Dispose() => _file.Dispose();

    private static string Owner(string directory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, OwnerName)) is { Length: > 0 } owner ? owner : "unknown";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }
}
