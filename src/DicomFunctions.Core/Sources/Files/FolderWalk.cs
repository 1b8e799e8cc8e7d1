using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using DicomFunctions.Core.Failures;
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

    /// <param name="after">The folder to continue after: its files and those of all folders before it are done. Null to start.</param>
    /// <param name="cancellationToken">Cancels the walk.</param>
    public async IAsyncEnumerable<SourcePage> RunAsync(string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folders = new Stack<string>();
        var entries = new List<(string Name, bool IsFolder)>();
        if (after is null)
            folders.Push(glob.Folder.TrimEnd('/'));
        else
            ReturnTo(after, folders, entries);
        while (folders.TryPop(out var folder))
        {
            // Listing a folder blocks: yield the thread between folders.
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            var problem = List(folder, entries);
            List<SourceItem> items = [];
            foreach (var (name, isFolder) in entries)
            {
                var path = $"{folder}/{name}";
                if (!isFolder && glob.IsMatch(path))
                    items.Add(new(scheme + path));
            }

            if (problem is not null)
                items.Add(new($"{scheme}{folder}/", problem));
            Push(folder, after: "", entries, folders);
            yield return new(items, folders.Count > 0 ? folder : null);
        }
    }

    /// <summary>Fills the stack as it was after a folder. Of each folder above it, those before are done.</summary>
    private void ReturnTo(string after, Stack<string> folders, List<(string Name, bool IsFolder)> entries)
    {
        var folder = glob.Folder.TrimEnd('/');
        while (folder.Length < after.Length)
        {
            var rest = after[(folder.Length + 1)..];
            var name = rest.Split('/', 2)[0];
            // One that cannot be listed now was listed before, when it could be.
            List(folder, entries);
            Push(folder, name, entries, folders);
            folder = $"{folder}/{name}";
        }

        List(folder, entries);
        Push(folder, after: "", entries, folders);
    }

    /// <summary>Pushes the subfolders after a name, in reverse, so that they are popped in order.</summary>
    private void Push(string folder, string after, List<(string Name, bool IsFolder)> entries, Stack<string> folders)
    {
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            if (entries[i].IsFolder
                && string.CompareOrdinal(entries[i].Name, after) > 0 && glob.MayMatchBelow($"{folder}/{entries[i].Name}"))
            {
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
            return new(FailureCode.Forbidden, "This host's user may not list the folder.");
        }
        catch (IOException exception) when (!HostTrouble.Is(exception))
        {
            return new(
                FailureCode.Unreadable, "The folder cannot be listed completely: it is gone, or the file system reports an error.");
        }
        finally
        {
            entries.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        }
    }

    private static (string Name, bool IsFolder) Entry(ref FileSystemEntry entry) =>
        (entry.FileName.ToString(), entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint));
}
