using System.Text;

namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>Bytes, and the sizes of the pieces, over and over, in which they arrive.</summary>
internal sealed record Input(byte[] Bytes, params int[] Pieces)
{
    private static readonly int[] Sizes = [1, 2, 3, 7, 63, 64, 65, 300, 4096, 1 << 20];

    public Stream Open() => new PiecesStream(Bytes, Pieces);

    public override string ToString() =>
        $"{Bytes.Length} bytes in pieces of {string.Join(',', Pieces)}: base64 {Convert.ToBase64String(Bytes)}\n"
        + $"as text: {Encoding.UTF8.GetString(Bytes)}";

    /// <summary>Bytes in pieces, shrunk by leaving out as many of the bytes as can be.</summary>
    public static Arbitrary<Input> Of(Gen<byte[]> bytes) => Arb.From(InAnyPieces(bytes), Shrink);

    public static Arbitrary<Input> Of(Gen<string> text) => Of(text.Select(Encoding.UTF8.GetBytes));

    /// <summary>Bytes in pieces, of which none can be left out: they would not be valid any more.</summary>
    public static Arbitrary<Input> OfWhole(Gen<byte[]> bytes) => InAnyPieces(bytes).ToArbitrary();

    public static Arbitrary<Input> OfWhole(Gen<string> text) => OfWhole(text.Select(Encoding.UTF8.GetBytes));

    /// <summary>The same bytes, in every size of pieces.</summary>
    public static IEnumerable<Input> InPieces(byte[] bytes) => Sizes.Select(size => new Input(bytes, size));

    private static Gen<Input> InAnyPieces(Gen<byte[]> bytes) =>
        from content in bytes
        from pieces in Gen.Elements(Sizes).Two()
        select new Input(content, pieces.Item1, pieces.Item2);

    private static IEnumerable<Input> Shrink(Input input)
    {
        if (input.Pieces is not [1 << 20])
            yield return input with { Pieces = [1 << 20] };
        for (var size = input.Bytes.Length; size > 0; size /= 2)
        {
            for (var start = 0; start + size <= input.Bytes.Length; start += size)
                yield return input with { Bytes = [.. input.Bytes[..start], .. input.Bytes[(start + size)..]] };
        }
    }
}
