using System.Text;
using DicomFunctions.Dictionary;
using DicomFunctions.Testing;

namespace DicomFunctions.Integration.Oracles;

/// <summary>
/// Files that together have every standard attribute, in every encoding, and what real files have instead of what they should.
/// </summary>
internal static class OracleSamples
{
    private const uint FirstOfDataSet = 0x0008_0000;
    private const string Utf8 = "ISO_IR 192";

    public static readonly IReadOnlyList<string> Syntaxes =
    [
        TransferSyntaxes.ImplicitLittleEndian, TransferSyntaxes.ExplicitLittleEndian, TransferSyntaxes.ExplicitBigEndian,
        TransferSyntaxes.Deflated,
    ];

    /// <summary>Each with a name that says what it is.</summary>
    /// <param name="levels">How deep sequences are nested.</param>
    public static IEnumerable<(string Name, byte[] File)> All(int levels)
    {
        foreach (var syntax in Syntaxes)
        {
            yield return (
                $"every attribute, {syntax}", File(syntax, writer => EveryAttribute(writer, syntax, isSigned: false, hasValues: true)));
            yield return (
                $"every attribute of signed pixels, {syntax}",
                File(syntax, writer => EveryAttribute(writer, syntax, isSigned: true, hasValues: true)));
            yield return (
                $"every attribute without a value, {syntax}",
                File(syntax, writer => EveryAttribute(writer, syntax, isSigned: false, hasValues: false)));
            yield return (
                $"{levels} levels of sequences, {syntax}", File(syntax, writer => Identified(writer).Append(Nested(syntax, levels))));
        }

        foreach (var (term, encoding, text) in new[]
        {
            ("ISO_IR 100", 28591, "Müller^Jürgen"), ("ISO_IR 101", 28592, "Wałęsa"), ("ISO_IR 144", 28595, "Люкceмбypг"),
            ("ISO_IR 126", 28597, "Διονυσιος"),
            ("ISO_IR 138", 28598, "שרון"), ("ISO_IR 192", 65001, "Wang^XiaoDong=王^小东"), ("GB18030", 54936, "Wang^XiaoDong=王^小东"),
            ("GBK", 936, "Wang^XiaoDong=王^小东"),
        })
        {
            var bytes = (CodePagesEncodingProvider.Instance.GetEncoding(encoding) ?? Encoding.GetEncoding(encoding)).GetBytes(text);
            yield return ($"text in {term}", File(TransferSyntaxes.ExplicitLittleEndian, writer => Identified(writer, term)
                .Bytes(0x0010_0010, "PN", bytes.Length % 2 == 0 ? bytes : [.. bytes, (byte)' '])));
        }

        yield return (
            "zeros behind the data set", [.. File(TransferSyntaxes.ExplicitLittleEndian, writer => Identified(writer)), .. new byte[64]]);
        yield return ("private attributes", File(TransferSyntaxes.ExplicitLittleEndian, writer => Identified(writer)
            .Text(0x0009_0010, "LO", "SOME CREATOR")
            .Text(0x0009_1001, "LO", "private text")
            .Bytes(0x0009_1002, "FD", BitConverter.GetBytes(0.1))
            .Sequence(0x0009_1003, item => item.Text(0x0009_0010, "LO", "SOME CREATOR").Text(0x0009_1001, "SH", "inner"))));
    }

    private static byte[] File(string syntax, Action<DataSetWriter> write)
    {
        var writer = DataSetWriter.For(syntax);
        write(writer);
        return Some.DicomFileOf(writer.ToArray(), "1.2.3.3", syntax);
    }

    /// <summary>Writes what every instance has. What comes after it may be out of order, which readers take.</summary>
    private static DataSetWriter Identified(DataSetWriter writer, string charset = Utf8)
    {
        foreach (var (tag, text) in Identity(charset))
            writer.Text(tag, DicomDictionary.VrOf(tag).ToString(), text);
        return writer;
    }

    private static (uint Tag, string Text)[] Identity(string charset) =>
    [
        (0x0008_0005, charset), (0x0008_0016, "1.2.840.10008.5.1.4.1.1.7"), (0x0008_0018, "1.2.3.3"), (0x0020_000D, "1.2.3.1"),
        (0x0020_000E, "1.2.3.2"),
    ];

    private static void EveryAttribute(DataSetWriter writer, string syntax, bool isSigned, bool hasValues)
    {
        var identity = Identity(Utf8).ToDictionary(one => one.Tag, one => one.Text);
        foreach (var attribute
            in DicomDictionary.All.Where(attribute => attribute.Tag >= FirstOfDataSet).OrderBy(attribute => attribute.Tag))
        {
            var vr = DicomDictionary.VrOf(attribute.Tag, isSigned);
            if (identity.TryGetValue(attribute.Tag, out var text))
                writer.Text(attribute.Tag, vr.ToString(), text);
            else if (attribute.Keyword == "PixelRepresentation")
                writer.Number(attribute.Tag, (ushort)(isSigned ? 1 : 0));
            else if (vr != Vr.SQ)
                writer.Bytes(attribute.Tag, vr.ToString(), hasValues ? Value(vr, syntax == TransferSyntaxes.ExplicitBigEndian) : []);
            else if (hasValues)
                writer.Sequence(attribute.Tag, item => item.Text(0x0008_0100, "SH", "CODE").Text(0x0008_0104, "LO", "Meaning"));
            else
                writer.Header(attribute.Tag, "SQ", 0);
        }
    }

    private static byte[] Nested(string syntax, int levels)
    {
        var writer = DataSetWriter.For(syntax);
        Nest(writer, levels);
        return writer.ToArray();
    }

    private static void Nest(DataSetWriter writer, int levels)
    {
        writer.Text(0x0040_A040, "CS", "CONTAINER");
        if (levels > 0)
            writer.Sequence(0x0040_A730, item => Nest(item, levels - 1));
    }

    private static byte[] Value(Vr vr, bool bigEndian)
    {
        byte[] number = vr switch
        {
            Vr.US => BitConverter.GetBytes((ushort)65000),
            Vr.SS => BitConverter.GetBytes((short)-3),
            Vr.UL => BitConverter.GetBytes(4_000_000_000u),
            Vr.SL => BitConverter.GetBytes(-70_000),
            Vr.UV => BitConverter.GetBytes(5_000_000_000_000UL),
            Vr.SV => BitConverter.GetBytes(-5_000_000_000_000L),
            Vr.FL => BitConverter.GetBytes(-77.20406f),
            Vr.FD => BitConverter.GetBytes(0.1),
            _ => [],
        };
        if (number.Length > 0)
            return bigEndian ? [.. number.Reverse()] : number;
        if (vr == Vr.AT)
            return bigEndian ? [0x00, 0x20, 0x00, 0x0D] : [0x20, 0x00, 0x0D, 0x00];
        if (vr is Vr.OB or Vr.OD or Vr.OF or Vr.OL or Vr.OV or Vr.OW or Vr.UN)
            return new byte[8];
        var bytes = Encoding.UTF8.GetBytes(Text(vr));
        return bytes.Length % 2 == 0 ? bytes : [.. bytes, (byte)(vr == Vr.UI ? 0 : ' ')];
    }

    private static string Text(Vr vr) => vr switch
    {
        Vr.AE => "TITLE",
        Vr.AS => "045Y",
        Vr.CS => "A_CODE",
        Vr.DA => "20260131",
        Vr.DS => "-12.5",
        Vr.DT => "20260131101112.25",
        Vr.IS => "42",
        Vr.LT or Vr.ST or Vr.UT => "One\\text\r\nof two lines",
        Vr.PN => "Doe^Jane^^Dr=王^小东",
        Vr.TM => "101112.25",
        Vr.UI => "1.2.3.4",
        Vr.UR => "http://example.org/a",
        _ => "Größe",
    };
}
