using System.IO.Compression;
using DicomFunctions.Testing;

namespace DicomFunctions.Fuzz.Tests.Generators;

/// <summary>A valid file, made of what identifies it and of other elements.</summary>
internal sealed record DicomSample(
    string Syntax, bool HasPreamble, bool HasFileMeta, string? Instance, string? Study, string? Series, DicomElement[] Others)
{
    /// <summary>Files of every kind that is read: some without their preamble or file meta information, some without a UID.</summary>
    public static Arbitrary<DicomSample> Any { get; } = Arb.From(Generator(isStrict: false), Shrink);

    /// <summary>Files as PS3.10 wants them.</summary>
    public static Arbitrary<DicomSample> Strict { get; } = Arb.From(Generator(isStrict: true), Shrink);

    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        if (HasPreamble)
            file.Write(Some.DicomPreamble);
        if (HasFileMeta)
            file.Write(Some.DicomFileMeta(Instance, Syntax));
        using (var deflate = Syntax == TransferSyntaxes.Deflated
            ? new DeflateStream(file, CompressionLevel.Fastest, leaveOpen: true)
            : null)
        {
            (deflate ?? (Stream)file).Write(DataSet());
        }

        return file.ToArray();
    }

    public override string ToString() =>
        $"{Syntax} preamble {HasPreamble} meta {HasFileMeta} {Instance} {Study} {Series} "
        + $"{string.Join(',', Others.Select(other => $"{other.Tag:X8}"))}: base64 {Convert.ToBase64String(ToBytes())}";

    private static Gen<DicomSample> Generator(bool isStrict) =>
        from syntax in Gen.Elements(
            TransferSyntaxes.ImplicitLittleEndian, TransferSyntaxes.ExplicitLittleEndian, TransferSyntaxes.ExplicitBigEndian,
            TransferSyntaxes.Deflated, TransferSyntaxes.JpegBaseline)
        from hasPreamble in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(isStrict)))
        from hasFileMeta in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(isStrict || syntax == TransferSyntaxes.Deflated)))
        from instance in hasFileMeta ? UidOrNone : Uid
        from study in UidOrNone
        from series in UidOrNone
        from others in DicomElement.Any.ListOf().ScaleSize(size => size / 8)
        select new DicomSample(syntax, hasPreamble, hasFileMeta, instance, study, series, [.. others]);

    private static Gen<string?> Uid => Paths.Uid.Select(uid => (string?)uid);

    private static Gen<string?> UidOrNone => Gen.Frequency((5, Uid), (1, Gen.Constant<string?>(null)));

    private static IEnumerable<DicomSample> Shrink(DicomSample sample) =>
        sample.Others.Select((_, i) => sample with { Others = [.. sample.Others[..i], .. sample.Others[(i + 1)..]] });

    private byte[] DataSet()
    {
        var writer = DataSetWriter.For(Syntax);
        (uint Tag, string? Uid)[] identity =
            [(0x0008_0016, Some.SecondaryCapture), (0x0008_0018, Instance), (0x0020_000D, Study), (0x0020_000E, Series)];
        var own = identity
            .Where(element => element.Uid is not null)
            .Select(element => new DicomElement(element.Tag, (to, _) => to.Text(element.Tag, "UI", element.Uid!)));
        foreach (var element in own.Concat(Others).DistinctBy(element => element.Tag).OrderBy(element => element.Tag))
            element.Write(writer, Syntax);
        return writer.ToArray();
    }
}
