using System.Runtime.InteropServices;

namespace DicomFunctions.App.Storage;

/// <summary>Wraps bytes in the stream that the SDK needs, and rewinds for a retry.</summary>
internal static class BlobContent
{
    public static MemoryStream Of(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
}
