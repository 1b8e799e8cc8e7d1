using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DicomFunctions.Core.Dicom;

/// <summary>128 bits that tell data sets apart: of the UID, or of the whole text where a server left the UID out.</summary>
internal static class DicomJsonRowKey
{
    private const int MaxUidLength = 64;

    public static UInt128 Of(ReadOnlySpan<byte> row, Range uidRange)
    {
        var uid = row[uidRange];
        return uid.Length is > 0 and <= MaxUidLength ? OfUid(uid) : OfText(row);
    }

    private static UInt128 OfUid(ReadOnlySpan<byte> uid)
    {
        Span<ulong> words = stackalloc ulong[MaxUidLength / sizeof(ulong)];
        words.Clear();
        uid.CopyTo(MemoryMarshal.AsBytes(words));

        // Two multiply-and-fold lanes with different secrets. The server is not an adversary: collisions by chance are all there is.
        ulong a = 0x9E3779B97F4A7C15, b = 0xD6E8FEB86659FD93;
        for (var i = 0; i * sizeof(ulong) < uid.Length; i++)
        {
            a = Fold(a ^ words[i], 0xA0761D6478BD642F);
            b = Fold(b ^ words[i], 0xE7037ED1A0B428DB);
        }

        return new UInt128(a, b);
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
}
