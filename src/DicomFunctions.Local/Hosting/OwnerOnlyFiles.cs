using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Local.Hosting;

/// <summary>Files and folders that this process makes are for its user alone: they may hold patient data.</summary>
internal static class OwnerOnlyFiles
{
    private const uint Others = 0x3f; // 077

    /// <summary>The mode a new folder has by the user's own umask, which counts for folders that others are to use.</summary>
    public static UnixFileMode UsersOwnFolderMode { get; private set; } = (UnixFileMode)0x1ff;

    /// <summary>From now on, for the whole process.</summary>
    public static void Begin()
    {
        if (!OperatingSystem.IsWindows() && LibC.Umask(Others) is not Others and var users)
            UsersOwnFolderMode = (UnixFileMode)(0x1ff & ~users);
    }
}
