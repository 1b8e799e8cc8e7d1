using System.IO.Enumeration;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>Lists objects in ordinal order, holding only the names of one folder for each level in memory.</summary>
internal static class DirectoryListing
{
    private static readonly EnumerationOptions Everything =
        new() { AttributesToSkip = 0, IgnoreInaccessible = false, ReturnSpecialDirectories = false };

    /// <summary>Every object whose name starts with <paramref name="prefix"/>. Omits folders that this host cannot read.</summary>
    public static IEnumerable<ObjectProperties> Objects(StorePaths paths, string prefix)
    {
        // Matches can only be in the prefix's folder, with names that start with the rest of the prefix.
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

    /// <summary>The names of the folders directly in <paramref name="folder"/>.</summary>
    public static IEnumerable<string> Folders(StorePaths paths, string folder)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        if (folder.Length > 0 && StorePaths.Problem(folder) is not null || paths.IsBehindLink(prefix))
            yield break;
        foreach (var name in Entries(paths, prefix, prefix))
        {
            if (name.EndsWith('/')
                && FileCalls.Stat(string.Concat(paths.Root, "/", name.AsSpan(0, name.Length - 1))) is { Kind: FileKind.Directory })
            {
                yield return name[..^1];
            }
        }
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
