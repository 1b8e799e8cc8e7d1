using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Sources.Files;

/// <summary>
/// Finds the files that match a glob: those of a folder before those of its subfolders, each in ordinal order. Holds the names of one
/// folder in memory. Does not enter linked folders, which may form a cycle. A folder that cannot be listed becomes an item with a
/// problem, and the walk continues.
/// </summary>
internal sealed class FolderWalk(string scheme, Glob glob)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    public async IAsyncEnumerable<SourceItem> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folders = new Stack<string>([glob.Folder.TrimEnd('/')]);
        var entries = new List<(string Name, bool IsFolder)>();
        while (folders.TryPop(out var folder))
        {
            // Listing a folder blocks: yield the thread between folders.
            await Task.Yield();
            var problem = List(folder, entries);
            foreach (var (name, isFolder) in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var path = $"{folder}/{name}";
                if (!isFolder && glob.IsMatch(path))
                    yield return new(scheme + path);
            }

            if (problem is not null)
                yield return new($"{scheme}{folder}/", problem);

            // Pushed in reverse, so that they are popped in order.
            for (var i = entries.Count - 1; i >= 0; i--)
            {
                if (entries[i].IsFolder && glob.MayMatchBelow($"{folder}/{entries[i].Name}"))
                    folders.Push($"{folder}/{entries[i].Name}");
            }
        }
    }

    private static SourceProblem? List(string folder, List<(string Name, bool IsFolder)> entries)
    {
        entries.Clear();
        try
        {
            entries.AddRange(new FileSystemEnumerable<(string, bool)>(folder.Length == 0 ? "/" : folder, Entry, Everything));
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return new(SourceProblemCode.Forbidden, "This host's user may not list the folder.");
        }
        catch (IOException exception) when (!HostTrouble.Is(exception))
        {
            return new(
                SourceProblemCode.Unreadable, "The folder cannot be listed completely: it is gone, or the file system reports an error.");
        }
        finally
        {
            entries.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        }
    }

    private static (string Name, bool IsFolder) Entry(ref FileSystemEntry entry) =>
        (entry.FileName.ToString(), entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint));
}
