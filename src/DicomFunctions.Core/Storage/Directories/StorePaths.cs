using System.Buffers;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>Where objects and the store's own files are below its root.</summary>
internal sealed class StorePaths
{
    private const int MakeAttempts = 100;

    /// <summary>The folder of the store's own files: no object is in it, no listing shows it.</summary>
    public const string OwnFolder = ".store";

    /// <summary>The container whose folders belong to people and devices, who find them gone if they are tidied away.</summary>
    private const string DropContainer = "drop";

    private static readonly SearchValues<char> ForbiddenOnWindows = SearchValues.Create(":*?\"<>|");

    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    public StorePaths(string root)
    {
        Root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        Temp = Path.Combine(Root, OwnFolder, "temp");
        Staged = Path.Combine(Root, OwnFolder, "staged");
        Commits = Path.Combine(Root, OwnFolder, "commits");
    }

    public string Root { get; }

    /// <summary>Files being written: nothing in it outlives its process.</summary>
    public string Temp { get; }

    /// <summary>Staged blocks, a file per object.</summary>
    public string Staged { get; }

    /// <summary>What was committed, a file per object.</summary>
    public string Commits { get; }

    /// <summary>Whether a name can be an object's here; the message says why not, without the name.</summary>
    public static string? Problem(string name) =>
        ObjectName.Problem(name)
        ?? (IsOwn(name) ? "An object's name does not start with a dot: such folders are the host's own."
            : OperatingSystem.IsWindows() && name.AsSpan().ContainsAny(ForbiddenOnWindows) ? "An object's name has a character Windows forbids."
            : null);

    /// <summary>The path of an object.</summary>
    /// <exception cref="ArgumentException">That can not be an object's name.</exception>
    public string Of(string name)
    {
        Check(name);
        return string.Concat(Root, "/", name);
    }

    /// <summary>Throws unless a name can be an object's.</summary>
    /// <exception cref="ArgumentException">It can not.</exception>
    public static void Check(string name)
    {
        if (Problem(name) is { } problem)
            throw new ArgumentException(problem, nameof(name));
    }

    /// <summary>Held while an object is compared and replaced, so that no two writers of it do so at once.</summary>
    public Lock LockOf(string name) => _locks[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)_locks.Length];

    /// <summary>Whether a folder on the way to an object is a link: nothing behind it belongs to the store.</summary>
    public bool IsBehindLink(string name)
    {
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
        {
            if (FileCalls.Stat(string.Concat(Root, "/", name.AsSpan(0, slash))) is not { } folder)
                return false;
            if (folder.Kind is FileKind.Link)
                return true;
        }

        return false;
    }

    /// <summary>Makes the folders an object is to be in, and tells the topmost folder that got a new one (to be synced), if any.</summary>
    public string? MakeFoldersOf(string name)
    {
        if (IsBehindLink(name))
            throw new ObjectStoreException("The object store could not write: a folder on the way is a link, and links are not followed.");
        string? above = null;
        var folder = Path.GetDirectoryName(Of(name))!;
        var existing = folder;
        for (; existing.Length > Root.Length && FileCalls.Stat(existing) is null; existing = Path.GetDirectoryName(existing)!)
            above = Path.GetDirectoryName(existing);
        if (FileCalls.Stat(existing) is { Kind: not (FileKind.Directory or FileKind.Link) })
            throw StoreError.FromErrno("make a folder", LibC.NotDirectory);
        if (above is not null)
            FileCalls.Run("make a folder", () => MakeFolder(folder));
        return above;
    }

    /// <summary>Makes a folder and those above it, though others may tidy those away as soon as they are made.</summary>
    private static DirectoryInfo MakeFolder(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Directory.CreateDirectory(folder);
            }
            catch (IOException exception) when (exception is DirectoryNotFoundException or FileNotFoundException && attempt < MakeAttempts)
            {
                // One above it was there, and is gone.
            }
        }
    }

    /// <summary>Makes the folders between an object and <paramref name="above"/> durable, and the object's place in them.</summary>
    public static void SyncFoldersOf(string path, string? above)
    {
        var folder = Path.GetDirectoryName(path)!;
        FileCalls.SyncDirectory(folder);
        while (above is not null && folder.Length > above.Length)
        {
            folder = Path.GetDirectoryName(folder)!;
            FileCalls.SyncDirectory(folder);
        }
    }

    /// <summary>Removes the folders a deleted object leaves empty, but no container and none that people drop files in.</summary>
    public void RemoveEmptyFoldersOf(string name)
    {
        if (name.StartsWith(DropContainer + "/", StringComparison.Ordinal))
            return;
        for (var slash = name.LastIndexOf('/'); slash > name.IndexOf('/', StringComparison.Ordinal); slash = name.LastIndexOf('/', slash - 1))
        {
            try
            {
                Directory.Delete(string.Concat(Root, "/", name.AsSpan(0, slash)));
            }
            catch (Exception exception) when (StoreError.IsFileSystem(exception))
            {
                return; // Not empty, or gone already: either way there is nothing to tidy.
            }
        }
    }

    /// <summary>Whether a name is in the store's own folder, or in another that the host keeps beside the containers.</summary>
    private static bool IsOwn(string name) => name.StartsWith('.');
}
