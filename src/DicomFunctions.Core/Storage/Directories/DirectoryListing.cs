using System.IO.Enumeration;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>Lists objects in ordinal order, holding the names of one folder per level in memory and no more.</summary>
internal static class DirectoryListing
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    /// <summary>Every object whose name starts with <paramref name="prefix"/>; of folders below that are closed to this host, none.</summary>
    public static IEnumerable<ObjectProperties> Objects(StorePaths paths, string prefix)
    {
        // Only the folder the prefix leads into can have any, and in it only what starts with the rest.
        var slash = prefix.LastIndexOf('/');
        var folder = prefix[..(slash + 1)];
        if (folder.Length > 0 && StorePaths.Problem(folder[..^1]) is not null || paths.IsBehindLink(folder))
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

    /// <summary>The names of the folders right below <paramref name="folder"/>.</summary>
    public static IEnumerable<string> Folders(StorePaths paths, string folder)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        if (folder.Length > 0 && StorePaths.Problem(folder) is not null || paths.IsBehindLink(prefix))
            yield break;
        foreach (var name in Entries(paths, prefix, prefix))
        {
            if (name.EndsWith('/') && FileCalls.Stat(string.Concat(paths.Root, "/", name.AsSpan(0, name.Length - 1))) is { Kind: FileKind.Directory })
                yield return name[..^1];
        }
    }

    /// <summary>What an entry is; null where it is gone, may not be asked, or is damaged.</summary>
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

    /// <summary>The entries of a folder found on the way. One that is closed or damaged must not hide all others.</summary>
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

    /// <summary>The full names in a folder, those of folders with a slash at the end, which is where it counts in their order.</summary>
    private static List<string> Entries(StorePaths paths, string folder, string prefix)
    {
        var entries = new List<string>();
        try
        {
            var found = new FileSystemEnumerable<string>(
                string.Concat(paths.Root, "/", folder),
                (ref entry) => string.Concat(folder, entry.FileName, entry.IsDirectory ? "/" : ""),
                Everything);
            foreach (var name in found)
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal) && StorePaths.Problem(name.EndsWith('/') ? name[..^1] : name) is null)
                    entries.Add(name);
            }
        }
        catch (DirectoryNotFoundException)
        {
            return entries; // None yet, or gone meanwhile.
        }
        catch (IOException) when (FileCalls.Stat(string.Concat(paths.Root, "/", folder).TrimEnd('/')) is { Kind: FileKind.Regular })
        {
            return entries; // An object, and no folder.
        }
        catch (Exception exception) when (StoreError.IsFileSystem(exception))
        {
            throw StoreError.From("list a folder", exception);
        }

        entries.Sort(StringComparer.Ordinal);
        return entries;
    }
}
