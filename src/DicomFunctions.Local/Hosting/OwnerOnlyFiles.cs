using DicomFunctions.Core.FileSystem;

namespace DicomFunctions.Local.Hosting;

/// <summary>Restricts the files and folders that this process makes to its user, since they may hold patient data.</summary>
internal static class OwnerOnlyFiles
{
    private const uint Others = 0x3f; // 077

    /// <summary>The mode of a new folder under the user's own umask, for folders that others are meant to use.</summary>
    public static UnixFileMode UsersOwnFolderMode { get; private set; } = (UnixFileMode)0x1ff;

    /// <summary>Takes effect at once, for the whole process.</summary>
    public static void Begin()
    {
        if (!OperatingSystem.IsWindows() && LibC.Umask(Others) is not Others and var users)
            UsersOwnFolderMode = (UnixFileMode)(0x1ff & ~users);
    }
}
