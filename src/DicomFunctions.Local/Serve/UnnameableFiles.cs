using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Local.Serve;

/// <summary>
/// Dropped files whose names the store cannot represent (a line break, a backslash). The store does not list them, so they are renamed, and
/// then uploaded and recorded like all others.
/// </summary>
internal static class UnnameableFiles
{
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>The character that replaces invalid UTF-8 in a name.</summary>
    private const char Unreadable = '\ufffd';

    /// <summary>Renames those in the drop folder, and returns the number that could not be moved.</summary>
    /// <param name="folder">The path of <c>drop/incoming</c>.</param>
    public static int Rename(string folder)
    {
        var left = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", Everything))
        {
            var name = DropFolder.Incoming + Path.GetRelativePath(folder, file);
            if (ObjectName.Problem(name) is null && !IsUnreadable(file))
                continue;
            try
            {
                var renamed = Path.Combine(folder, DropNames.Nameable(name)[DropFolder.Incoming.Length..]);
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

    /// <summary>Whether a file or folder cannot be reached by its listed name.</summary>
    private static bool IsUnreadable(string path) => Path.GetFileName(path.AsSpan()).Contains(Unreadable) && !Path.Exists(path);
}
