using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DicomFunctions.Core.Dicom;

/// <summary>Sixty-four bytes to compare at once. A result has one bit for each byte.</summary>
internal readonly struct Bytes64
{
    public const int Count = 64;

    private readonly Vector512<byte> _all;

    // Without hardware support for the wide vector, two halves are faster than the runtime's emulation of it.
    private readonly Vector256<byte> _first;
    private readonly Vector256<byte> _second;

    /// <param name="bytes">At least 64 bytes, of which the first 64 are used.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Bytes64(ReadOnlySpan<byte> bytes)
    {
        if (Vector512.IsHardwareAccelerated)
            _all = Vector512.Create(bytes[..Count]);
        else
            (_first, _second) = (Vector256.Create(bytes[..32]), Vector256.Create(bytes.Slice(32, 32)));
    }

    /// <summary>The bytes that are not ASCII.</summary>
    public ulong Highs
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated ? _all.ExtractMostSignificantBits() : Join(_first, _second);
    }

    /// <summary>The bytes equal to a character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Are(char ascii)
    {
        var b = (byte)ascii;
        return Vector512.IsHardwareAccelerated
            ? Vector512.Equals(_all, Vector512.Create(b)).ExtractMostSignificantBits()
            : Join(Vector256.Equals(_first, Vector256.Create(b)), Vector256.Equals(_second, Vector256.Create(b)));
    }

    /// <summary>The bytes equal to a character but for bit 5, in which <c>[</c> and <c>]</c> differ from <c>{</c> and <c>}</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AreEither(char ascii)
    {
        var (b, bit5) = ((byte)ascii, (byte)0x20);
        return Vector512.IsHardwareAccelerated
            ? Vector512.Equals(_all | Vector512.Create(bit5), Vector512.Create(b)).ExtractMostSignificantBits()
            : Join(
                Vector256.Equals(_first | Vector256.Create(bit5), Vector256.Create(b)),
                Vector256.Equals(_second | Vector256.Create(bit5), Vector256.Create(b)));
    }

    /// <summary>The bytes in the range of <paramref name="count"/> values that starts at <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AreAmong(byte first, byte count) => Vector512.IsHardwareAccelerated
        ? Vector512.LessThan(_all - Vector512.Create(first), Vector512.Create(count)).ExtractMostSignificantBits()
        : Join(
            Vector256.LessThan(_first - Vector256.Create(first), Vector256.Create(count)),
            Vector256.LessThan(_second - Vector256.Create(first), Vector256.Create(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Join(Vector256<byte> first, Vector256<byte> second) =>
        first.ExtractMostSignificantBits() | ((ulong)second.ExtractMostSignificantBits() << 32);
}
