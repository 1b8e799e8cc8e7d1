namespace DicomFunctions.Local.Serve;

/// <summary>Dropped folders that this host is not allowed to read.</summary>
internal static class ClosedFolders
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>The number of such folders below a folder, without those inside them.</summary>
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
            return false; // Removed meanwhile, or the listing will report it.
        }
    }
}
