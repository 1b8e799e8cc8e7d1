namespace DicomFunctions.Emulator.Storage;

/// <summary>A small instance of a store that lives in memory.</summary>
internal sealed class MemoryContent(byte[] bytes) : InstanceContent
{
    public override long Length => bytes.Length;

    public override Stream OpenRead() => new MemoryStream(bytes, writable: false);
}
