using System.Security.Cryptography;
using System.Text;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Local.Serve;

/// <summary>
/// Dropped files whose names no object can have (a line break, a backslash): the store does not see them, so they are given names it
/// does, and are then worked, and recorded, like all others.
/// </summary>
internal static class UnnameableFiles
{
    private const int MaxKeptLength = 60;

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>What is read where a name on the disk is no UTF-8.</summary>
    private const char Unreadable = '\ufffd';

    /// <summary>Renames those in a folder of the store's; gives how many had to be left, because they could not be moved.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="name">Its name in the store, with a slash at the end.</param>
    public static int Rename(string folder, string name)
    {
        var left = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", Everything))
        {
            var relative = Path.GetRelativePath(folder, file);
            if (ObjectName.Problem(name + relative) is null && !IsUnreadable(file))
                continue;
            try
            {
                var renamed = Path.Combine(folder, NewName(name, relative));
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

    /// <summary>
    /// As far down the folders it was in as they can be named, and in a folder of ours if none can: a file on its way to an alias's store,
    /// or to none, is not to end up in another. Told apart from others by a hash of the name it had.
    /// </summary>
    private static string NewName(string name, string relative)
    {
        var kept = new string([.. Path.GetFileName(relative).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')]);
        var renamed = $"{Renamed(relative)}-{(kept.Length <= MaxKeptLength ? kept : kept[^MaxKeptLength..])}";
        if (!relative.Contains('/'))
            return renamed;
        for (var folder = Path.GetDirectoryName(relative); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            if (Path.Combine(folder, renamed) is var inPlace && ObjectName.Problem(name + inPlace) is null)
                return inPlace;
        }

        return Path.Combine(Renamed(relative[..relative.IndexOf('/')]), renamed);
    }

    private static string Renamed(string name) =>
        "renamed-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8));
}
