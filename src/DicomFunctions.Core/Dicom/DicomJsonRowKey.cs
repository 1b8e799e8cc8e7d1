using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// A 128-bit key that identifies a data set: a hash of the UIDs of its level and above or, if one is missing, of its whole text.
/// </summary>
/// <remarks>
/// A store's key is the triple of UIDs: the same SOP instance UID in two series means two instances. UIDs are compared without the
/// padding and escapes that a server may add.
/// </remarks>
internal static class DicomJsonRowKey
{
    // Random for each process, so that no server can prepare two data sets with the same key.
    private static readonly ulong FirstSeed = Draw();
    private static readonly ulong SecondSeed = Draw();

    public static UInt128 Of(ReadOnlySpan<byte> row, in DicomJsonUidRanges uids, DicomJsonLevel level)
    {
        Span<byte> buffer = stackalloc byte[256];
        var (first, second) = (FirstSeed, SecondSeed);
        for (var above = DicomJsonLevel.Study; above <= level; above++)
        {
            var written = row[uids.Of(above)];
            var uid = written.Length <= buffer.Length ? DicomJsonUid.Meaning(written, buffer) : default;
            if (uid.IsEmpty)
                return OfText(row);
            Add(uid, ref first, ref second);
        }

        return new UInt128(first, second);
    }

    /// <summary>Two multiply-and-fold lanes with different secrets. The length comes first, so that no two lists of UIDs agree.</summary>
    private static void Add(ReadOnlySpan<byte> uid, ref ulong first, ref ulong second)
    {
        Add((ulong)uid.Length, ref first, ref second);
        var words = MemoryMarshal.Cast<byte, ulong>(uid);
        foreach (var word in words)
            Add(word, ref first, ref second);
        var rest = uid[(words.Length * sizeof(ulong))..];
        if (rest.IsEmpty)
            return;
        var last = 0UL;
        rest.CopyTo(MemoryMarshal.AsBytes(new Span<ulong>(ref last)));
        Add(last, ref first, ref second);
    }

    private static void Add(ulong word, ref ulong first, ref ulong second)
    {
        first = Fold(first ^ word, 0xA0761D6478BD642F);
        second = Fold(second ^ word, 0xE7037ED1A0B428DB);
    }

    private static ulong Fold(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out var low);
        return high ^ low ^ x;
    }

    private static UInt128 OfText(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    private static ulong Draw() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
