using System.IO.Enumeration;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>Lists objects in ordinal order, holding only the names of one folder for each level in memory.</summary>
internal static class DirectoryListing
{
    private static readonly EnumerationOptions Everything =
        new() { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    /// <summary>The system tells folders and links apart while it lists, without a look at each.</summary>
    private static readonly EnumerationOptions NoLinks =
        new() { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    /// <summary>Every object whose name starts with <paramref name="prefix"/>. Omits folders that this host cannot read.</summary>
    public static IEnumerable<ObjectProperties> Objects(StorePaths paths, string prefix)
    {
        // Matches can only be in the prefix's folder, with names that start with the rest of the prefix.
        if (FolderOf(paths, prefix) is not { } folder)
            yield break;

        var levels = new Stack<IEnumerator<string>>();
        levels.Push(Entries(paths, folder, prefix).GetEnumerator());
        while (levels.TryPeek(out var level))
        {
            if (!level.MoveNext())
            {
                levels.Pop().Dispose();
                continue;
            }

            var name = level.Current;
            if (Look(paths, name) is not { } stat)
                continue;
            if (name.EndsWith('/'))
            {
                if (stat.Kind is FileKind.Directory)
                    levels.Push(Below(paths, name).GetEnumerator());
            }
            else if (stat.Kind is FileKind.Regular)
            {
                yield return new ObjectProperties { Name = name, Length = stat.Length, ETag = stat.ETag, LastModified = stat.Modified };
            }
        }
    }

    /// <summary>The names of the folders that start with <paramref name="prefix"/> and have no further slash.</summary>
    public static IEnumerable<string> Folders(StorePaths paths, string prefix)
    {
        var folder = FolderOf(paths, prefix);
        return folder is null ? [] : Entries(paths, folder, prefix, foldersOnly: true).Select(name => name[..^1]);
    }

    /// <summary>The folder that a prefix is in, with its slash; null if it has no objects.</summary>
    private static string? FolderOf(StorePaths paths, string prefix)
    {
        var folder = prefix[..(prefix.LastIndexOf('/') + 1)];
        return (folder.Length > 0 && StorePaths.Problem(folder[..^1]) is not null) || paths.IsBehindLink(folder) ? null : folder;
    }

    /// <summary>Describes an entry; null if it is gone, inaccessible or damaged.</summary>
    private static FileStat? Look(StorePaths paths, string name)
    {
        try
        {
            return FileCalls.Stat(string.Concat(paths.Root, "/", name.AsSpan().TrimEnd('/')));
        }
        catch (Exception exception) when (exception is ObjectDeniedException or ObjectDamagedException)
        {
            return null;
        }
    }

    /// <summary>The entries of a subfolder. One that is inaccessible or damaged must not hide the others.</summary>
    private static List<string> Below(StorePaths paths, string folder)
    {
        try
        {
            return Entries(paths, folder, folder);
        }
        catch (Exception exception) when (exception is ObjectDeniedException or ObjectDamagedException)
        {
            return [];
        }
    }

    /// <summary>The full names in a folder. Those of folders end in a slash, which matters for their order.</summary>
    private static List<string> Entries(StorePaths paths, string folder, string prefix, bool foldersOnly = false)
    {
        var entries = new List<string>();
        try
        {
            var found = new FileSystemEnumerable<string>(
                string.Concat(paths.Root, "/", folder),
                (ref entry) => string.Concat(folder, entry.FileName, entry.IsDirectory ? "/" : ""),
                foldersOnly ? NoLinks : Everything)
            {
                ShouldIncludePredicate = (ref entry) =>
                    entry.FileName.StartsWith(prefix.AsSpan(folder.Length), StringComparison.Ordinal)
                    && (!foldersOnly || entry.IsDirectory),
            };
            foreach (var name in found)
            {
                if (StorePaths.Problem(name.EndsWith('/') ? name[..^1] : name) is null)
                    entries.Add(name);
            }
        }
        catch (DirectoryNotFoundException)
        {
            return entries; // The folder does not exist.
        }
        catch (IOException) when (FileCalls.Stat(string.Concat(paths.Root, "/", folder).TrimEnd('/')) is { Kind: FileKind.Regular })
        {
            return entries; // It is an object, not a folder.
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            throw StoreError.From("list a folder", exception);
        }

        entries.Sort(StringComparer.Ordinal);
        return entries;
    }
}
