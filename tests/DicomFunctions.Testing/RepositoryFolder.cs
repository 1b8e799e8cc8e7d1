namespace DicomFunctions.Testing;

/// <summary>The folder that the tests were built in.</summary>
public static class RepositoryFolder
{
    /// <summary>The path of a file in it.</summary>
    public static string File(params ReadOnlySpan<string> path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "DicomFunctions.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("These tests run in the repository.");
        return Path.Combine([folder.FullName, .. path]);
    }
}
