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

    /// <summary>Renames those in a folder of the store's; gives how many had to be left, because they could not be moved.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="name">Its name in the store, with a slash at the end.</param>
    public static int Rename(string folder, string name)
    {
        var left = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*", Everything))
        {
            var relative = Path.GetRelativePath(folder, file);
            if (ObjectName.Problem(name + relative) is null)
                continue;
            try
            {
                File.Move(file, Path.Combine(folder, NewName(name, relative)));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                left++;
            }
        }

        return left;
    }

    /// <summary>In the same folder, if that can be named; told apart from others by a hash of the name it had.</summary>
    private static string NewName(string name, string relative)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(relative)).AsSpan(0, 8));
        var kept = new string([.. Path.GetFileName(relative).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_')]);
        var renamed = $"renamed-{hash}-{(kept.Length <= MaxKeptLength ? kept : kept[^MaxKeptLength..])}";
        var inPlace = Path.Combine(Path.GetDirectoryName(relative)!, renamed);
        return ObjectName.Problem(name + inPlace) is null ? inPlace : renamed;
    }
}
