namespace DicomFunctions.Emulator.Storage;

/// <summary>The bytes of a stored instance, exactly as received.</summary>
internal abstract class InstanceContent
{
    public abstract long Length { get; }

    /// <summary>Opens a seekable stream over the bytes.</summary>
    /// <exception cref="FileNotFoundException">The instance has been deleted.</exception>
    public abstract Stream OpenRead();
}
