using System.IO.Compression;

namespace DicomFunctions.Core.Dicom;

/// <summary>Inflates what there is of a deflated data set (PS3.5 §A.5).</summary>
internal static class DeflatedPrefix
{
    /// <summary>Fills <paramref name="target"/> as far as the bytes go, and tells how far.</summary>
    public static unsafe int Inflate(ReadOnlySpan<byte> deflated, byte[] target)
    {
        if (deflated.IsEmpty)
            return 0;
        var length = 0;
        fixed (byte* start = deflated)
        {
            using var source = new UnmanagedMemoryStream(start, deflated.Length);
            using var inflater = new DeflateStream(source, CompressionMode.Decompress);
            try
            {
                int read;
                while ((read = inflater.Read(target, length, target.Length - length)) > 0)
                    length += read;
            }
            catch (InvalidDataException)
            {
                // Cut short, or not deflated at all: what came out before is all there is.
            }
        }

        return length;
    }
}
