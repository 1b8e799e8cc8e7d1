namespace DicomFunctions.Core.Sources.Zip;

/// <summary>Names of zip files, and of files in them.</summary>
internal static class ZipName
{
    private const string Extension = ".zip";
    private const int MaxLength = 2_048;

    /// <summary>Whether a file of this name is taken for a zip file. Its bytes decide whether it is one.</summary>
    public static bool IsZip(ReadOnlySpan<char> path) => path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The parts of a path that may lead into a zip file, from its beginning: where the zip file's own path ends, and the name in it begins
    /// after a slash.
    /// </summary>
    public static IEnumerable<int> Ends(string path)
    {
        const string inside = Extension + "/";
        for (var at = 0; path.IndexOf(inside, at, StringComparison.OrdinalIgnoreCase) is >= 0 and var found; at = found + inside.Length)
            yield return found + Extension.Length;
    }

    /// <summary>
    /// Whether a name is one that a path can be made of. Others are of broken programs, or try to name a file outside of the zip file.
    /// </summary>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength
        && !name.Any(char.IsControl)
        && name.Split('/').All(segment => segment is not ("" or "." or ".."));
}
