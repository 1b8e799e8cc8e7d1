using System.Buffers;
using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Core.Storage.Directories;

/// <summary>The paths of objects and of the store's own files.</summary>
internal sealed class StorePaths
{
    private const int MakeAttempts = 100;

    /// <summary>The folder of the store's own files. It holds no objects and appears in no listing.</summary>
    public const string OwnFolder = ".store";

    /// <summary>The container whose folders are never deleted: people and devices drop files there.</summary>
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

    /// <summary>Files being written. Useless after the process has ended.</summary>
    public string Temp { get; }

    /// <summary>Staged blocks, one file for each object.</summary>
    public string Staged { get; }

    /// <summary>Records of commits, one file for each object.</summary>
    public string Commits { get; }

    /// <summary>Why a name cannot be an object's here, without repeating it; null if it can.</summary>
    public static string? Problem(string name) =>
        ObjectName.Problem(name)
        ?? (IsOwn(name) ? "An object's name cannot start with a dot: such folders belong to the host."
            : OperatingSystem.IsWindows() && name.AsSpan().ContainsAny(ForbiddenOnWindows)
                ? "An object's name has a character that Windows forbids."
            : null);

    /// <summary>The path of an object.</summary>
    /// <exception cref="ArgumentException">The name cannot be an object's.</exception>
    public string Of(string name)
    {
        Check(name);
        return string.Concat(Root, "/", name);
    }

    /// <summary>Throws if a name cannot be an object's.</summary>
    /// <exception cref="ArgumentException">The name cannot be an object's.</exception>
    public static void Check(string name)
    {
        if (Problem(name) is { } problem)
            throw new ArgumentException(problem, nameof(name));
    }

    /// <summary>The lock to hold while an object is compared and replaced.</summary>
    public Lock LockOf(string name) => _locks[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)_locks.Length];

    /// <summary>Whether the path of an object has a link. Nothing behind a link belongs to the store.</summary>
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

    /// <summary>Creates the folders of an object. Returns the topmost folder that got a new one and must be synced, if any.</summary>
    public string? MakeFoldersOf(string name)
    {
        if (IsBehindLink(name))
        {
            throw new ObjectStoreException(
                "The object store could not write: the object's path has a symbolic link, which is not followed.");
        }

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

    /// <summary>Creates a folder and its parents, even if others delete empty ones at the same time.</summary>
    private static DirectoryInfo MakeFolder(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Directory.CreateDirectory(folder);
            }
            catch (IOException exception) when (
                attempt < MakeAttempts
                && (exception is DirectoryNotFoundException or FileNotFoundException || exception.HResult == LibC.Exists))
            {
                // Meanwhile a parent was deleted, or the folder was created by another and deleted.
            }
        }
    }

    /// <summary>Makes an object's entry in its folder durable, and the folders up to <paramref name="above"/>.</summary>
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

    /// <summary>Deletes the folders that a deleted object leaves empty, except containers and drop folders.</summary>
    public void RemoveEmptyFoldersOf(string name)
    {
        if (name.StartsWith(DropContainer + "/", StringComparison.Ordinal))
            return;
        var container = name.IndexOf('/', StringComparison.Ordinal);
        for (var slash = name.LastIndexOf('/'); slash > container; slash = name.LastIndexOf('/', slash - 1))
        {
            try
            {
                Directory.Delete(string.Concat(Root, "/", name.AsSpan(0, slash)));
            }
            catch (Exception exception) when (StoreError.IsFileSystem(exception))
            {
                return; // Not empty, or already deleted.
            }
        }
    }

    /// <summary>Whether a name is in the store's own folder, or in another folder of the host.</summary>
    private static bool IsOwn(string name) => name.StartsWith('.');
}
