namespace DicomFunctions.Core.Storage;

/// <summary>A run of bytes of an object.</summary>
/// <param name="Offset">Of the first byte, from 0.</param>
/// <param name="Length">How many bytes; null: to the end.</param>
public readonly record struct ObjectRange(long Offset, long? Length)
{
    /// <summary>The whole object.</summary>
    public static ObjectRange All => default;
}
