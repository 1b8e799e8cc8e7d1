namespace DicomFunctions.Local.Output;

/// <summary>Sources as a person names them: a file by its path, from the working directory if it is there.</summary>
internal static class SourceText
{
    private const string Scheme = "file:";

    public static string Of(string source)
    {
        if (!source.StartsWith(Scheme, StringComparison.Ordinal))
            return source;
        var path = source[Scheme.Length..];
        var folder = Environment.CurrentDirectory.TrimEnd('/') + "/";
        return path.StartsWith(folder, StringComparison.Ordinal) ? path[folder.Length..] : path;
    }
}
