namespace DicomFunctions.Core.FileSystem;

/// <summary>The kind of a path; only a regular file can be an object.</summary>
internal enum FileKind
{
    Regular,
    Directory,
    Link,
    Other,
}
