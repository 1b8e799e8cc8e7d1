using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Local.Serve;

/// <summary>
/// Dropped files whose names no object can have (a line break, a backslash): the store does not see them, so they are given names it
/// does, and are then worked, and recorded, like all others.
/// </summary>
internal static class UnnameableFiles
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>What is read where a name on the disk is no UTF-8.</summary>
    private const char Unreadable = '\ufffd';

    /// <summary>Renames those in the drop folder; gives how many had to be left, because they could not be moved.</summary>
    /// <param name="folder">The path of <c>drop/incoming</c>.</param>
    public static int Rename(string folder)
    {
        var left = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", Everything))
        {
            var name = DropNames.Incoming + Path.GetRelativePath(folder, file);
            if (ObjectName.Problem(name) is null && !IsUnreadable(file))
                continue;
            try
            {
                var renamed = Path.Combine(folder, DropNames.Nameable(name)[DropNames.Incoming.Length..]);
                Directory.CreateDirectory(Path.GetDirectoryName(renamed)!);
                File.Move(file, renamed);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                left++;
            }
        }

        return left + Directory.EnumerateDirectories(folder, "*", Everything).Count(IsUnreadable);
    }

    /// <summary>Whether a file or folder can not be reached by the name it is listed under.</summary>
    private static bool IsUnreadable(string path) => Path.GetFileName(path.AsSpan()).Contains(Unreadable) && !Path.Exists(path);
}
