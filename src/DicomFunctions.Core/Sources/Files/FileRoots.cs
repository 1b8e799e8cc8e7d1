namespace DicomFunctions.Core.Sources.Files;

/// <summary>The folders files may be read from.</summary>
internal sealed class FileRoots
{
    private const int MaxLinks = 40;

    // As configured, and with all links resolved: a path may be given in either way.
    private readonly List<(string Given, string Real)> _roots = [];

    public FileRoots(IEnumerable<string> folders)
    {
        foreach (var folder in folders)
        {
            var given = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            _roots.Add((WithSlashes(given), RealPath(given) ?? WithSlashes(given)));
        }
    }

    /// <summary>Where relative paths begin; null when there are no roots.</summary>
    public string? First => _roots.Count == 0 ? null : _roots[0].Given;

    public static string WithSlashes(string path) => Path.DirectorySeparatorChar == '/' ? path : path.Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Whether an absolute path is under a root, by its text alone.</summary>
    public bool HasPlaceFor(string path) => _roots.Exists(root => IsUnder(root.Given, path) || IsUnder(root.Real, path));

    /// <summary>Finds the place an absolute path leads to, links followed, and the root it is under; or tells that it is under none.</summary>
    public SourceProblem? Resolve(string path, out (string Root, string Path) found)
    {
        found = default;

        // By the text first: nothing outside the roots is so much as looked at.
        if (!HasPlaceFor(path))
            return new(SourceProblemCode.Forbidden, "The path is outside the folders this host may read.");
        if (RealPath(path) is not { } real)
            return new(SourceProblemCode.Unreadable, "The path goes round in links.");
        var index = _roots.FindIndex(root => IsUnder(root.Real, real));
        if (index < 0)
            return new(SourceProblemCode.Forbidden, "The path leads through a link to outside the folders this host may read.");
        found = (_roots[index].Real, real);
        return null;
    }

    private static bool IsUnder(string root, string path) =>
        path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || root.EndsWith('/') || path[root.Length] == '/');

    /// <summary>The path without links; what does not exist stays as it is. Null when there are too many.</summary>
    private static string? RealPath(string path)
    {
        var links = 0;
        var real = Path.GetPathRoot(path)!;
        var rest = new Stack<string>(Segments(path[real.Length..]));
        while (rest.TryPop(out var segment))
        {
            if (segment is "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, segment);
            if (LinkTarget(next) is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
                return null;
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            foreach (var part in Segments(target[(Path.GetPathRoot(target)?.Length ?? 0)..]))
                rest.Push(part);
        }

        return WithSlashes(real);
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // What can not be looked at can not be opened either, and that is told there.
        }
    }

    /// <summary>The segments of a path, last first, without those that mean nothing.</summary>
    private static IEnumerable<string> Segments(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(segment => segment != ".")
            .Reverse();
}
