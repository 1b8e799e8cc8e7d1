using DicomFunctions.Core.Drop;
using DicomFunctions.Core.FileSystem;
using DicomFunctions.Core.Jobs;
using Microsoft.Extensions.Options;

namespace DicomFunctions.Local.Hosting;

/// <summary>The directory of jobs, journals and dropped files. Only this user can read it, except for the path to drop/incoming.</summary>
internal sealed partial class DataDirectory
{
    private const UnixFileMode Passage = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Folders with patient data. Earlier builds left them open to other users.</summary>
    private static readonly string[] Closed =
        [JobFiles.Root, RetrievedPlaces.Root, ".engine", ".store", DropFolder.Failed, DropFolder.Archive];

    /// <summary>Creates the directory if it is missing, and closes what earlier builds left open.</summary>
    public DataDirectory(IOptions<LocalOptions> options, ILogger<DataDirectory> logger)
    {
        Path = System.IO.Path.GetFullPath(options.Value.DataDirectory);
        OwnerOnlyFiles.Begin();
        if (!Directory.Exists(Path))
            MakePassage(Path);
        foreach (var folder in Closed.Select(Combine).Where(Directory.Exists))
        {
            if (!FileCalls.TryCloseToOthers(folder))
                LogOpen(logger, folder);
        }

        FileCalls.TryCloseToOthers(Combine(DropFolder.Root), Passage);
    }

    public string Path { get; }

    /// <summary>The folder into which files are dropped.</summary>
    public string Incoming => Combine(DropFolder.Incoming);

    /// <summary>The folder of dropped files that could not be stored; it exists once there is one.</summary>
    public string Failed => Combine(DropFolder.Failed);

    /// <summary>Creates drop/incoming if it is missing, with the user's own umask: other users may need to drop files there.</summary>
    public void MakeIncoming()
    {
        var drop = Combine(DropFolder.Root);
        if (!Directory.Exists(drop))
            MakePassage(drop);
        if (Directory.Exists(Incoming))
            return;
        Directory.CreateDirectory(Incoming);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Incoming, OwnerOnlyFiles.UsersOwnFolderMode);
    }

    /// <summary>Makes a folder that others can pass through but not list.</summary>
    private static void MakePassage(string folder)
    {
        FileCalls.Run("make the data directory", () => Directory.CreateDirectory(folder));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | Passage);
    }

    private string Combine(string name) => System.IO.Path.Combine(Path, name.TrimEnd('/'));

    [LoggerMessage(1311, LogLevel.Warning,
        "Other users can read {Folder}, which holds patient data and belongs to another user. Change its mode to 0700.")]
    private static partial void LogOpen(ILogger logger, string folder);
}
