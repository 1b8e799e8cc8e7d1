namespace DicomFunctions.Emulator.Storage;

/// <summary>An instance in memory.</summary>
internal sealed class MemoryContent(byte[] bytes) : InstanceContent
{
    public override long Length => bytes.Length;

    public override Stream OpenRead() => new MemoryStream(bytes, writable: false);
}
