using DicomFunctions.Core.Drop;
using DicomFunctions.Core.Storage;

namespace DicomFunctions.Local.Demo;

/// <summary>Puts copies of files into the drop folder; each appears there complete.</summary>
internal static class DemoDrop
{
    /// <summary>Copies files with their subfolders, and returns their names in the object store.</summary>
    public static List<string> Copy(DirectoryInfo source, IReadOnlyList<string> files, DemoSite site)
    {
        var staging = Directory.CreateDirectory(Path.Combine(site.Folder, ".staging")).FullName;
        List<string> names = [];
        foreach (var file in files)
        {
            var name = Name(Path.GetRelativePath(source.FullName, file), names.Count);
            var staged = Path.Combine(staging, "file");
            File.Copy(file, staged, overwrite: true);
            Move(staged, site.Incoming, name);
            names.Add(DropFolder.Incoming + name);
        }

        Directory.Delete(staging, recursive: true);
        return names;
    }

    /// <summary>Moves a complete file into the drop folder; both must be on one file system.</summary>
    public static void Move(string file, string incoming, string name)
    {
        var target = Path.Combine(incoming, name);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(file, target);
    }

    /// <summary>
    /// The name below the drop folder; a substitute if the object store cannot represent the file's own name (a line break, a backslash).
    /// </summary>
    private static string Name(string relative, int number) =>
        ObjectName.Problem(DropFolder.Incoming + relative) is null ? relative : $"file-{number}";
}
