using System.IO.Pipelines;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Dicom;

public sealed class ExplicitVrTranscoderTests
{
    private const uint PrivateCreator = 0x00090010;
    private const uint PrivateElement = 0x00091001;
    private const uint ContentSequence = 0x0040A730;
    private const uint TextValue = 0x0040A160;
    private const uint SmallestPixelValue = 0x00280106;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_a_file_is_the_same_file_in_explicit_VR(bool undefinedLengths)
    {
        var implicitVr = await TranscodeAsync(Rich().In(TransferSyntax.ImplicitLittleEndian, undefinedLengths).ToBytes());

        Assert.Equal(Rich().In(TransferSyntax.ExplicitLittleEndian, undefinedLengths: true).ToBytes(), implicitVr);
    }

    [Fact]
    public async Task Write_a_large_value_is_unchanged()
    {
        var pixels = new byte[3_000_001 * 2];
        new Random(1).NextBytes(pixels);
        var file = SomeDicom.Instance().With(Tags.PixelData, Vr.OW, pixels);

        var written = await TranscodeAsync(file.In(TransferSyntax.ImplicitLittleEndian).ToBytes());

        Assert.Equal(file.In(TransferSyntax.ExplicitLittleEndian).ToBytes(), written);
    }

    [Fact]
    public async Task Write_a_value_too_long_for_its_representation_becomes_UN_and_is_read_as_before()
    {
        const uint ImageComments = 0x00204000;
        var original = SomeDicom.Instance().With(ImageComments, Vr.LT, new string('x', 70_000)).In(TransferSyntax.ImplicitLittleEndian);

        var written = await TranscodeAsync(original.ToBytes());

        var (attributes, syntax) = DicomAttributes.Read(new MemoryStream(written), _ => true);
        var (expected, _) = DicomAttributes.Read(new MemoryStream(original.ToBytes()), _ => true);
        Assert.Equal(TransferSyntax.ExplicitLittleEndian, syntax);
        Assert.InRange(attributes.Json(ImageComments).Length, 70_000, 70_100);
        Assert.Equal(expected.Json(ImageComments).ToArray(), attributes.Json(ImageComments).ToArray());
    }

    [Fact]
    public async Task Write_zeros_after_the_data_set_and_group_lengths_are_dropped()
    {
        var file = SomeDicom.Instance().With(0x00080000, Vr.UL, [1, 2, 3, 4]).In(TransferSyntax.ImplicitLittleEndian);

        var written = await TranscodeAsync([.. file.ToBytes(), .. new byte[100]]);

        Assert.Equal(SomeDicom.Instance().ToBytes(), written);
    }

    [Fact]
    public async Task Write_a_file_cut_short_is_refused()
    {
        var bytes = Rich().In(TransferSyntax.ImplicitLittleEndian).ToBytes();

        await Assert.ThrowsAsync<DicomFormatException>(() => TranscodeAsync(bytes[..^3]));
    }

    private static SomeDicom Rich() => SomeDicom.Instance()
        .With(PrivateCreator, Vr.LO, "SOMEONE")
        .With(PrivateElement, Vr.UN, [1, 2, 3, 4])
        .With(Tags.PixelRepresentation, Vr.US, 1)
        .With(SmallestPixelValue, Vr.SS, 65_535)
        .WithSequence(
            ContentSequence,
            new SomeDicom().With(TextValue, Vr.UT, "text").WithSequence(ContentSequence, new SomeDicom().With(TextValue, Vr.UT, "inner")),
            new SomeDicom(),
            new SomeDicom().With(Tags.PixelRepresentation, Vr.US, 0).With(SmallestPixelValue, Vr.US, 7))
        .WithSequence(Tags.ReferencedSopSequence);

    private static async Task<byte[]> TranscodeAsync(byte[] file)
    {
        using var output = new MemoryStream();
        await ExplicitVrTranscoder.WriteAsync(new MemoryStream(file), PipeWriter.Create(output), default);
        return output.ToArray();
    }
}
