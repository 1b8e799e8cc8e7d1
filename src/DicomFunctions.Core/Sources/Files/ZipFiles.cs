using System.Globalization;
using DicomFunctions.Core.Failures;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Sources.Zip;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Sources.Files;

/// <summary>
/// Reads zip files as if they were folders. The directories of the last few are kept, since their files come one after another.
/// </summary>
internal sealed class ZipFiles(FileRoots roots)
{
    private const int MostKept = 4;
    private const int PageLength = 1_000;

    private readonly Lock _lock = new();
    private readonly List<Kept> _kept = [];

    /// <summary>Whether a path is that of a zip file, judged by its name and by there being a file.</summary>
    public static bool IsZip(string path) => ZipName.IsZip(path) && File.Exists(path);

    /// <summary>The zip file that a path leads into, and the name in it, which may be empty; null if it leads into none.</summary>
    public static (string Zip, string Name)? Split(string path)
    {
        foreach (var end in ZipName.Ends(path))
        {
            if (File.Exists(path[..end]))
                return (path[..end], path[(end + 1)..]);
        }

        return null;
    }

    /// <summary>Lists the files of a zip file that match.</summary>
    /// <param name="scheme">What a reference begins with.</param>
    /// <param name="zip">The path of the zip file.</param>
    /// <param name="glob">What the path of a file must match; null for all.</param>
    /// <param name="after">The number of files that are done; null for none.</param>
    public IEnumerable<SourcePage> List(string scheme, string zip, Glob? glob, string? after)
    {
        var (directory, problem) = Read(zip);
        if (directory is null)
        {
            yield return new([new SourceItem(scheme + zip, problem)]);
            yield break;
        }

        var done = after is null ? 0 : int.Parse(after, NumberStyles.None, CultureInfo.InvariantCulture);
        while (done < directory.Entries.Count)
        {
            List<SourceItem> items = [];
            foreach (var entry in directory.Entries.Skip(done).Take(PageLength))
            {
                var path = $"{zip}/{entry.Name}";
                if (glob?.IsMatch(path) != false)
                    items.Add(new(scheme + path, ZipName.IsValid(entry.Name) ? null : BadName()));
            }

            done = Math.Min(done + PageLength, directory.Entries.Count);
            yield return new(items, done < directory.Entries.Count ? done.ToString(CultureInfo.InvariantCulture) : null);
        }
    }

    /// <summary>Opens a file in a zip file.</summary>
    public SourceOpening Open(string zip, string name)
    {
        if (!ZipName.IsValid(name))
            return new(BadName());
        if (roots.Resolve(zip, out var found) is { } problem)
            return new(problem);
        var file = RootedFile.Open(found.Root, found.Path);
        try
        {
            var stat = FileCalls.Stat(file, found.Path);
            var opening = Open(file, found.Path, stat, name);
            if (!opening.IsOpen)
                file.Dispose();
            return opening;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private SourceOpening Open(SafeFileHandle file, string path, FileStat stat, string name)
    {
        var (directory, problem) = Read(file, path, stat);
        if (directory is null)
            return new(problem!);
        if (directory.Find(name, out var isAmbiguous) is not { } entry)
        {
            return isAmbiguous
                ? SourceOpening.Failed(FailureCode.BadReference, "Several files of the zip file have this name: unpack it first.")
                : SourceOpening.Failed(FailureCode.NotFound, "There is no such file in the zip file.");
        }

        if (entry.Problem is { } unreadable)
            return new(unreadable);
        try
        {
            var version = string.Create(CultureInfo.InvariantCulture, $"{stat.ETag}:{entry.Header:x}");
            return new(new OpenedSource(
                ZipContent.Open(file, stat.Length, entry),
                entry.Length,
                version,
                _ => ValueTask.FromResult(FileCalls.Stat(file, path).ETag == stat.ETag),
                file));
        }
        catch (InvalidDataException)
        {
            return SourceOpening.Failed(FailureCode.Unreadable, "The zip file is damaged: the file is not where its directory says.");
        }
    }

    private (ZipDirectory? Directory, SourceProblem? Problem) Read(string zip)
    {
        if (roots.Resolve(zip, out var found) is { } problem)
            return (null, problem);
        try
        {
            using var file = RootedFile.Open(found.Root, found.Path);
            return Read(file, found.Path, FileCalls.Stat(file, found.Path));
        }
        catch (Exception exception) when (FileProblem.Of(exception) is not null)
        {
            return (null, FileProblem.Of(exception));
        }
    }

    private (ZipDirectory? Directory, SourceProblem? Problem) Read(SafeFileHandle file, string path, FileStat stat)
    {
        if (stat.Kind != FileKind.Regular)
            return (null, new(FailureCode.Unreadable, "This is not a regular file."));
        lock (_lock)
        {
            var index = _kept.FindIndex(kept => kept.Path == path && kept.ETag == stat.ETag);
            var kept = index >= 0 ? _kept[index] : Kept.Of(path, stat.ETag, ZipDirectory.Read(file, stat.Length));
            if (index >= 0)
                _kept.RemoveAt(index);
            else if (_kept.Count == MostKept)
                _kept.RemoveAt(0);
            _kept.Add(kept);
            return (kept.Directory, kept.Problem);
        }
    }

    private static SourceProblem BadName() =>
        new(FailureCode.BadReference, "The name in the zip file is no path: it is too long, or has an empty segment, '.' or '..'.");

    private sealed record Kept(string Path, string ETag, ZipDirectory? Directory, SourceProblem? Problem)
    {
        public static Kept Of(string path, string etag, (ZipDirectory? Directory, SourceProblem? Problem) read) =>
            new(path, etag, read.Directory, read.Problem);
    }
}
