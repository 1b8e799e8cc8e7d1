using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Sources.Files;

/// <summary>
/// Finds the files a glob stands for, those of a folder before those of the folders in it, each in ordinal order. Holds the names of
/// one folder at a time. Linked folders are not entered: they may lead round in a circle. A folder that can not be listed is an item
/// with a problem, and the rest goes on.
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
            // Listing a folder is all waiting and no asynchrony: let others have the thread in between.
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

            // Last first, so that they are popped in order.
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
            return new(SourceProblemCode.Unreadable, "The folder can not be listed to its end: it is gone, or the file system reports an error.");
        }
        finally
        {
            entries.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        }
    }

    private static (string Name, bool IsFolder) Entry(ref FileSystemEntry entry) =>
        (entry.FileName.ToString(), entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint));
}
