using DicomFunctions.Core.Sources;

namespace DicomFunctions.Local.Inputs;

/// <summary>
/// Decides which files of a folder are uploaded. DICOMDIR, hidden files and what the user excludes are passed over, and counted.
/// </summary>
/// <param name="include">Globs of which a file must match one; empty for all files.</param>
/// <param name="exclude">Globs of which a file must match none.</param>
internal sealed class FileFilter(IReadOnlyList<string> include, IReadOnlyList<string> exclude)
{
    private const string Directory = "DICOMDIR";

    private readonly Glob[] _include = [.. include.Select(ToGlob)];
    private readonly Glob[] _exclude = [.. exclude.Select(ToGlob)];
    private long _directories;
    private long _hidden;
    private long _excluded;

    public bool IsGiven => _include.Length + _exclude.Length > 0;

    /// <summary>What was passed over, in words; null if nothing was.</summary>
    public string? PassedOver
    {
        get
        {
            var parts = new[]
            {
                (Count: _directories, Name: Directory),
                (Count: _hidden, Name: _hidden == 1 ? "hidden file" : "hidden files"),
                (Count: _excluded, Name: $"{(_excluded == 1 ? "file" : "files")} by --include and --exclude"),
            }.Where(part => part.Count > 0).Select(part => FormattableString.Invariant($"{part.Count} {part.Name}")).ToList();
            return parts.Count == 0 ? null : $"Passed over: {string.Join(", ", parts)}.";
        }
    }

    /// <summary>Whether to upload a file.</summary>
    /// <param name="path">Its path below the folder that was named.</param>
    public bool Takes(string path) => Takes(path, isZip: false);

    /// <summary>Whether to look into a zip file, which counts as one file if not.</summary>
    /// <param name="path">Its path below the folder that was named.</param>
    public bool Enters(string path) => Takes(path, isZip: true);

    private bool Takes(string path, bool isZip)
    {
        var segments = path.Split('/', '\\');
        if (segments.Any(segment => segment.StartsWith('.')))
            _hidden++;
        else if (segments[^1].Equals(Directory, StringComparison.OrdinalIgnoreCase))
            _directories++;
        else if (Matches(_exclude, path) || (!isZip && _include.Length > 0 && !Matches(_include, path)))
            _excluded++;
        else
            return true;
        return false;
    }

    private static bool Matches(Glob[] globs, string path) => Array.Exists(globs, glob => glob.IsMatch(path));

    /// <summary>A pattern without a slash is for names in any folder; one with a slash is for paths below the folder named.</summary>
    private static Glob ToGlob(string pattern) =>
        new(pattern.Contains('/', StringComparison.Ordinal) ? pattern.TrimStart('/') : "**/" + pattern);
}
