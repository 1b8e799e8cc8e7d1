using System.Buffers.Binary;

namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>Damages bytes: bits flipped, pieces lost, doubled and put elsewhere, lengths that lie.</summary>
internal static class Damage
{
    private static readonly uint[] Extremes = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFE, 0xFFFF_FFFF, 0x0010_0000, 0x0000_FFFF];

    private static readonly Gen<int> Place = Gen.Choose(0, int.MaxValue - 1);

    /// <param name="whole">What is damaged.</param>
    /// <param name="tokens">What means something in the format: it is put in anywhere.</param>
    public static Gen<byte[]> Of(Gen<byte[]> whole, params byte[][] tokens) =>
        from bytes in whole
        from splice in Gen.Frequency((7, Gen.Constant<byte[]>([])), (1, whole))
        from edits in Gen.Choose(1, 4).SelectMany(count => Edit(tokens).ArrayOf(count))
        from at in Place
        select edits.Aggregate(splice.Length == 0 ? bytes : Splice(bytes, splice, at), (damaged, edit) => edit(damaged));

    /// <summary>Any bytes at all, of any length up to some hundred.</summary>
    public static Gen<byte[]> Noise { get; } = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();

    private static Gen<Func<byte[], byte[]>> Edit(byte[][] tokens) => Gen.Frequency(
        (4, from at in Place from bit in Gen.Choose(0, 7) select On(bytes => bytes[at % bytes.Length] ^= (byte)(1 << bit))),
        (3, from at in Place from value in Gen.Choose(0, 255) select On(bytes => bytes[at % bytes.Length] = (byte)value)),
        (2, from at in Place select With(bytes => bytes[..(at % bytes.Length)])),
        (2, from at in Place from count in Gen.Choose(1, 20) select With(bytes => Without(bytes, at % bytes.Length, count))),
        (2, from at in Place from count in Gen.Choose(1, 40) select With(bytes => Doubled(bytes, at % bytes.Length, count))),
        (3, from at in Place from value in Gen.Elements(Extremes) select On(bytes => WriteLength(bytes.AsSpan(at % bytes.Length), value))),
        (tokens.Length == 0 ? 0 : 4, from at in Place
                                     from token in Gen.Elements(tokens.Length == 0 ? [[]] : tokens)
                                     select With(bytes => [.. bytes[..(at % bytes.Length)], .. token, .. bytes[(at % bytes.Length)..]])));

    private static Func<byte[], byte[]> With(Func<byte[], byte[]> edit) => bytes => bytes.Length == 0 ? bytes : edit(bytes);

    private static Func<byte[], byte[]> On(Action<byte[]> edit) => With(bytes =>
    {
        var copy = bytes.ToArray();
        edit(copy);
        return copy;
    });

    private static byte[] Without(byte[] bytes, int start, int count) =>
        [.. bytes[..start], .. bytes[Math.Min(start + count, bytes.Length)..]];

    private static byte[] Doubled(byte[] bytes, int start, int count)
    {
        var end = Math.Min(start + count, bytes.Length);
        return [.. bytes[..end], .. bytes[start..]];
    }

    private static byte[] Splice(byte[] first, byte[] second, int at) =>
        [.. first[..(at % (first.Length + 1))], .. second[(at % (second.Length + 1))..]];

    private static void WriteLength(Span<byte> bytes, uint value)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, value);
        length[..Math.Min(4, bytes.Length)].CopyTo(bytes);
    }
}
