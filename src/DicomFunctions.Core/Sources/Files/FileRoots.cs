using DicomFunctions.Core.Failures;

namespace DicomFunctions.Core.Sources.Files;

/// <summary>The folders that files may be read from.</summary>
internal sealed class FileRoots
{
    private const int MaxLinks = 40;

    // As configured, and with all links resolved: a reference may use either path.
    private readonly List<(string Given, string Real)> _roots = [];

    public FileRoots(IEnumerable<string> folders)
    {
        foreach (var folder in folders)
        {
            var given = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            _roots.Add((WithSlashes(given), RealPath(given) ?? WithSlashes(given)));
        }
    }

    /// <summary>The folder that relative paths start from; null if there are no roots.</summary>
    public string? First => _roots.Count == 0 ? null : _roots[0].Given;

    public static string WithSlashes(string path) =>
        Path.DirectorySeparatorChar == '/' ? path : path.Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Whether an absolute path is below a root, judged by its text alone.</summary>
    public bool HasPlaceFor(string path) => _roots.Exists(root => IsUnder(root.Given, path) || IsUnder(root.Real, path));

    /// <summary>Resolves the links of an absolute path and finds its root, or returns why it has none.</summary>
    public SourceProblem? Resolve(string path, out (string Root, string Path) found)
    {
        found = default;

        // Checks the text first: nothing outside the roots is even looked up.
        if (!HasPlaceFor(path))
            return new(FailureCode.Forbidden, "The path is outside the folders this host may read.");
        if (RealPath(path) is not { } real)
            return new(FailureCode.Unreadable, "The path has too many symbolic links.");
        var index = _roots.FindIndex(root => IsUnder(root.Real, real));
        if (index < 0)
            return new(FailureCode.Forbidden, "The path leads through a link to outside the folders this host may read.");
        found = (_roots[index].Real, real);
        return null;
    }

    private static bool IsUnder(string root, string path) =>
        path.StartsWith(root, StringComparison.Ordinal) && (path.Length == root.Length || root.EndsWith('/') || path[root.Length] == '/');

    /// <summary>The path without links; a part that does not exist stays as it is. Null if there are too many links.</summary>
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
            return null; // Opening it will fail for the same reason, and report it.
        }
    }

    /// <summary>The segments of a path, last first, without empty ones and <c>.</c>.</summary>
    private static IEnumerable<string> Segments(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(segment => segment != ".")
            .Reverse();
}
