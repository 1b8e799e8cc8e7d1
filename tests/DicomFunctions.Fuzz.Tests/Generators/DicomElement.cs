using DicomFunctions.Testing;

namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>An element of a data set, and how it is written in a transfer syntax.</summary>
internal sealed record DicomElement(uint Tag, Action<DataSetWriter, string> Write)
{
    private const uint Item = 0xFFFE_E000;
    private const uint ItemEnd = 0xFFFE_E00D;
    private const uint SequenceEnd = 0xFFFE_E0DD;

    private static readonly (uint Tag, string Vr)[] Plain =
    [
        (0x0008_0005, "CS"), (0x0008_0008, "CS"), (0x0008_0020, "DA"), (0x0008_1030, "LO"), (0x0009_0010, "LO"), (0x0009_1001, "OB"),
        (0x0009_1002, "UN"), (0x0010_0010, "PN"), (0x0010_0020, "LO"), (0x0010_4000, "LT"), (0x0018_9073, "FD"), (0x0020_0010, "SH"),
        (0x0020_0013, "IS"), (0x0028_0010, "US"), (0x0028_0103, "US"), (0x0040_A160, "UT"), (0x7FE0_0010, "OW"),
    ];

    private static readonly uint[] Sequences = [0x0008_1115, 0x0008_1140, 0x0008_2112, 0x0012_0064, 0x0040_A730, 0x5200_9229];

    /// <summary>Any element but the identifying ones; those may be in its items.</summary>
    public static Gen<DicomElement> Any { get; } = AnyOf(depth: 2);

    private static Gen<DicomElement> AnyOf(int depth) => depth == 0 ? Value : Gen.Frequency(
        (6, Value),
        (3, Sequence(depth)),
        (1, Unknown),
        (1, Fragments));

    private static Gen<DicomElement> Value =>
        from kind in Gen.Elements(Plain)
        from value in Gen.Elements<byte>(0, 1, 0x20, 0x41, 0x5C, 0x08, 0xFE, 0xFF).ArrayOf()
        select new DicomElement(kind.Tag, (writer, _) => writer.Bytes(kind.Tag, kind.Vr, Even(value, kind.Vr)));

    private static Gen<DicomElement> Sequence(int depth) =>
        from tag in Gen.Elements(Sequences)
        from items in Items(depth).ListOf().ScaleSize(size => size / 10)
        from isDelimited in Gen.Elements(true, false)
        from areItemsDelimited in Gen.Elements(true, false)
        select new DicomElement(
            tag, (writer, syntax) => WriteSequence(writer, tag, "SQ", syntax, [.. items], isDelimited, areItemsDelimited));

    /// <summary>PS3.5 §6.2.2: a UN of undefined length holds implicit little endian, whatever the data set is.</summary>
    private static Gen<DicomElement> Unknown =>
        from items in Items(depth: 1).ListOf().ScaleSize(size => size / 10)
        from areItemsDelimited in Gen.Elements(true, false)
        select new DicomElement(0x0009_1003, (writer, syntax) =>
        {
            writer.Header(0x0009_1003, "UN", DataSetWriter.Undefined);
            var inner = new DataSetWriter(isExplicit: false);
            WriteItems(inner, TransferSyntaxes.ImplicitLittleEndian, [.. items], areItemsDelimited);
            writer.Append(inner.Raw(SequenceEnd, 0).ToArray());
        });

    private static Gen<DicomElement> Fragments =>
        from pieces in Damage.Noise.ListOf().ScaleSize(size => size / 4)
        select new DicomElement(0x7FE0_0010, (writer, _) =>
        {
            writer.Header(0x7FE0_0010, "OB", DataSetWriter.Undefined);
            foreach (var piece in pieces)
                writer.Raw(Item, (uint)piece.Length).Append(piece);
            writer.Raw(SequenceEnd, 0);
        });

    /// <summary>An item, which may have identifying elements of its own.</summary>
    private static Gen<DicomElement[]> Items(int depth) =>
        from elements in AnyOf(depth - 1).ListOf().ScaleSize(size => size / 10)
        from tag in Gen.Elements(0x0008_0018u, 0x0008_0016u, 0x0020_000Du, 0x0020_000Eu)
        from uid in Paths.Uid
        select (DicomElement[])[new(tag, (writer, _) => writer.Text(tag, "UI", uid)), .. elements];

    private static void WriteSequence(
        DataSetWriter writer, uint tag, string vr, string syntax, DicomElement[][] items, bool isDelimited, bool areItemsDelimited)
    {
        var inner = DataSetWriter.For(syntax);
        WriteItems(inner, syntax, items, areItemsDelimited);
        if (isDelimited)
            writer.Header(tag, vr, DataSetWriter.Undefined).Append(inner.Raw(SequenceEnd, 0).ToArray());
        else
            writer.Bytes(tag, vr, inner.ToArray());
    }

    private static void WriteItems(DataSetWriter writer, string syntax, DicomElement[][] items, bool areDelimited)
    {
        foreach (var item in items)
        {
            var inner = DataSetWriter.For(syntax);
            foreach (var element in item.DistinctBy(element => element.Tag).OrderBy(element => element.Tag))
                element.Write(inner, syntax);
            var content = inner.ToArray();
            writer.Raw(Item, areDelimited ? DataSetWriter.Undefined : (uint)content.Length).Append(content);
            if (areDelimited)
                writer.Raw(ItemEnd, 0);
        }
    }

    private static byte[] Even(byte[] value, string vr) => vr switch
    {
        "US" => [(byte)value.Length, 0],
        "FD" => [.. value.Take(8), .. new byte[8 - Math.Min(8, value.Length)]],
        _ => value.Length % 2 == 0 ? value : [.. value, 0x20],
    };
}
