namespace DicomFunctions.Core.FileSystem;

/// <summary>A path as the file system describes it, without following links.</summary>
internal readonly record struct FileStat(FileKind Kind, long Length, DateTimeOffset Modified, string ETag)
{
    private const int KindMask = 0xf000;
    private const int KindRegular = 0x8000;
    private const int KindDirectory = 0x4000;
    private const int KindLink = 0xa000;

    /// <summary>
    /// Converts the result of <c>statx</c>. The tag includes the inode, since a file renamed into place may have the same time and length.
    /// </summary>
    public static FileStat From(in LibC.StatXBuffer stat)
    {
        var kind = (stat.Mode & KindMask) switch
        {
            KindRegular => FileKind.Regular,
            KindDirectory => FileKind.Directory,
            KindLink => FileKind.Link,
            _ => FileKind.Other,
        };
        var modified = DateTimeOffset.FromUnixTimeSeconds(stat.ModifiedSeconds).AddTicks(stat.ModifiedNanoseconds / 100);
        var etag = kind is FileKind.Regular
            ? string.Create(
                null, stackalloc char[80], $"{stat.ModifiedSeconds:x}{stat.ModifiedNanoseconds:x8}-{stat.Size:x}-{stat.Inode:x}")
            : "";
        return new FileStat(kind, (long)stat.Size, modified, etag);
    }

    /// <summary>The same for systems without <c>statx</c>.</summary>
    public static FileStat From(FileSystemInfo info)
    {
        var kind = info.LinkTarget is not null ? FileKind.Link
            : info.Attributes.HasFlag(FileAttributes.Directory) ? FileKind.Directory
            : FileKind.Regular;
        var length = kind is FileKind.Regular && info is FileInfo file ? file.Length : 0;
        var modified = new DateTimeOffset(info.LastWriteTimeUtc);
        return new FileStat(kind, length, modified, $"{modified.UtcTicks:x}-{length:x}-{info.CreationTimeUtc.Ticks:x}");
    }
}
