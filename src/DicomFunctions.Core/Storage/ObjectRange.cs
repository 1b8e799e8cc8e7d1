namespace DicomFunctions.Core.Storage;

/// <summary>A range of an object's bytes.</summary>
/// <param name="Offset">The first byte, from 0.</param>
/// <param name="Length">The number of bytes; null for all up to the end.</param>
internal readonly record struct ObjectRange(long Offset, long? Length)
{
    /// <summary>The whole object.</summary>
    public static ObjectRange All => default;
}
