namespace DicomFunctions.Emulator.Storage;

/// <summary>The bytes of a stored instance, exactly as they came.</summary>
internal abstract class InstanceContent
{
    public abstract long Length { get; }

    /// <summary>A new seekable stream over the bytes. In a directory the file may be gone: then <see cref="FileNotFoundException"/>.</summary>
    public abstract Stream OpenRead();
}
