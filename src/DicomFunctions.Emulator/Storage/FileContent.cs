namespace DicomFunctions.Emulator.Storage;

/// <summary>An instance in a file of its own.</summary>
internal sealed class FileContent(string path, long length) : InstanceContent
{
    public string Path { get; } = path;

    public override long Length { get; } = length;

    public override Stream OpenRead() =>
        new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.None);
}
