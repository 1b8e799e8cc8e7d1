namespace DicomFunctions.Local.Serve;

/// <summary>Folders that were dropped by someone who did not let this host read them.</summary>
internal static class ClosedFolders
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>How many there are below a folder, those within them not counted.</summary>
    public static int Count(string folder) => Directory.EnumerateDirectories(folder, "*", Everything).Count(IsClosed);

    private static bool IsClosed(string folder)
    {
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(folder).GetEnumerator();
            entries.MoveNext();
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false; // Gone meanwhile, or the listing will tell.
        }
    }
}
