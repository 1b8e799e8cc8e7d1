namespace DicomFunctions.Testing;

/// <summary>The folder of samples and vectors that may lie beside the repository.</summary>
public static class Shared
{
    private static readonly string? Root = Find();

    /// <summary>Why a test that needs the folder is skipped; null when it is there.</summary>
    public static string? Missing => Root is null ? "There is no folder ../shared beside the repository." : null;

    /// <summary>The path of something in the folder.</summary>
    public static string Path(params string[] parts) =>
        System.IO.Path.Combine([Root ?? throw new InvalidOperationException(Missing), .. parts]);

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "DicomFunctions.sln")))
                continue;
            var shared = System.IO.Path.Combine(folder.FullName, "..", "shared");
            return Directory.Exists(shared) ? System.IO.Path.GetFullPath(shared) : null;
        }

        return null;
    }
}
