using System.Runtime.InteropServices;

namespace DicomFunctions.App.Storage;

/// <summary>Bytes in memory as the stream the SDK wants, which it rewinds to try again.</summary>
internal static class BlobContent
{
    public static MemoryStream Of(ReadOnlyMemory<byte> bytes)
        => MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
}
