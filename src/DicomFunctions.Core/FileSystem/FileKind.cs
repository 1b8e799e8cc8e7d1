namespace DicomFunctions.Core.FileSystem;

/// <summary>What a path is; only a regular file can be an object.</summary>
internal enum FileKind
{
    Regular,
    Directory,
    Link,
    Other,
}
