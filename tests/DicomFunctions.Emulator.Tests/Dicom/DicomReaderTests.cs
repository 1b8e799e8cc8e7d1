using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Tests.Support;

namespace DicomFunctions.Emulator.Tests.Dicom;

public sealed class DicomReaderTests
{
    private const uint ContentSequence = 0x0040A730;
    private const uint TextValue = 0x0040A160;

    public static TheoryData<string, bool> Encodings()
    {
        var data = new TheoryData<string, bool>();
        foreach (var syntax in new[]
        {
            TransferSyntax.ImplicitLittleEndian, TransferSyntax.ExplicitLittleEndian, TransferSyntax.ExplicitBigEndian,
            TransferSyntax.DeflatedLittleEndian,
        })
        {
            data.Add(syntax, false);
            data.Add(syntax, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Read_every_encoding_yields_the_same_attributes(string syntax, bool undefinedLengths)
    {
        var file = SomeDicom.Instance()
            .WithSequence(0x00081140, new SomeDicom().With(Tags.ReferencedSopInstanceUid, Vr.UI, "1.2.9"), new SomeDicom())
            .With(0x00209165, Vr.AT, (ushort)0x0020, (ushort)0x9057)
            .With(0x00189073, Vr.FD, 1.5)
            .In(syntax, undefinedLengths);

        var (attributes, transferSyntax) = Read(file);

        Assert.Equal(syntax, transferSyntax);
        Assert.Equal("1.2.3.1.1.1", attributes.Text(Tags.SopInstanceUid));
        Assert.Equal("""{"vr":"US","Value":[4]}""", Json(attributes, Tags.Rows));
        Assert.Equal("""{"vr":"AT","Value":["00209057"]}""", Json(attributes, 0x00209165));
        Assert.Equal("""{"vr":"FD","Value":[1.5]}""", Json(attributes, 0x00189073));
        Assert.Equal("""{"vr":"IS","Value":[1]}""", Json(attributes, Tags.InstanceNumber));
        Assert.Equal(
            """{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.9"]}},{}]}""", Json(attributes, 0x00081140));
        Assert.Equal("", Json(attributes, Tags.PixelData));
    }

    [Fact]
    public void Read_encapsulated_pixel_data_is_skipped()
    {
        var file = SomeDicom.Instance().WithFragments(new byte[10], new byte[1001]).In("1.2.840.10008.1.2.4.50")
            .With(0xFFFCFFFC, Vr.OB, new byte[4]);

        Assert.Equal("P1", Read(file).Attributes.Text(Tags.PatientId));
    }

    [Theory]
    [InlineData(TransferSyntax.ExplicitLittleEndian)]
    [InlineData(TransferSyntax.ExplicitBigEndian)]
    public void Read_private_sequence_written_as_UN_is_read_as_implicit_little_endian(string syntax)
    {
        var file = SomeDicom.Instance().In(syntax)
            .With(0x00990010, Vr.LO, "SOME PRIVATE CREATOR")
            .WithUnknownSequence(0x00991001, new SomeDicom().With(Tags.PatientId, Vr.LO, "inner"));

        var (attributes, _) = Read(file);

        Assert.Equal("P1", attributes.Text(Tags.PatientId));
        Assert.Contains("inner", Json(attributes, 0x00991001), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_known_attribute_written_as_UN_gets_its_own_representation()
    {
        var file = SomeDicom.Instance().With(Tags.StudyId, Vr.UN, "ST7 "u8.ToArray());

        Assert.Equal("""{"vr":"SH","Value":["ST7"]}""", Json(Read(file).Attributes, Tags.StudyId));
    }

    [Fact]
    public void Read_implicit_US_or_SS_follows_PixelRepresentation()
    {
        var file = SomeDicom.Instance().In(TransferSyntax.ImplicitLittleEndian)
            .With(Tags.PixelRepresentation, Vr.US, (ushort)1)
            .With(0x00280106, Vr.SS, 0xFFFF);

        Assert.Equal("""{"vr":"SS","Value":[-1]}""", Json(Read(file).Attributes, 0x00280106));
    }

    [Fact]
    public void Read_implicit_US_or_SS_of_an_item_follows_the_item_and_the_data_set_its_own()
    {
        var icon = new SomeDicom().With(Tags.PixelRepresentation, Vr.US, (ushort)0).With(0x00280106, Vr.US, 0xFFFF);
        var file = SomeDicom.Instance().In(TransferSyntax.ImplicitLittleEndian)
            .With(Tags.PixelRepresentation, Vr.US, (ushort)1)
            .WithSequence(0x00281352, icon)
            .With(0x00283002, Vr.SS, 0xFFFE);

        var (attributes, _) = Read(file);

        Assert.Contains("65535", Json(attributes, 0x00281352), StringComparison.Ordinal);
        Assert.Equal("""{"vr":"SS","Value":[-2]}""", Json(attributes, 0x00283002));
    }

    [Theory]
    [InlineData(TransferSyntax.ImplicitLittleEndian)]
    [InlineData(TransferSyntax.ExplicitLittleEndian)]
    [InlineData(TransferSyntax.ExplicitBigEndian)]
    public void Read_zeros_after_the_data_set_are_ignored(string syntax)
    {
        var file = SomeDicom.Instance().In(syntax).ToBytes();
        foreach (var count in new[] { 1, 3, 7, 8, 9, 16, 511, 100_000 })
        {
            byte[] padded = [.. file, .. new byte[count]];

            Assert.Equal("P1", Read(padded).Attributes.Text(Tags.PatientId));
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9_000)]
    public void Read_zeros_and_then_other_bytes_are_refused(int zeros)
    {
        byte[] file = [.. SomeDicom.Instance().ToBytes(), .. new byte[zeros], 1];

        Assert.Throws<DicomFormatException>(() => Read(file));
    }

    [Theory]
    [InlineData(TransferSyntax.ExplicitLittleEndian, true)]
    [InlineData(TransferSyntax.ExplicitLittleEndian, false)]
    [InlineData(TransferSyntax.ExplicitBigEndian, true)]
    [InlineData(TransferSyntax.ExplicitBigEndian, false)]
    public void Read_known_sequence_written_as_UN_is_that_sequence_in_implicit_little_endian(string syntax, bool undefinedLength)
    {
        var item = new SomeDicom().With(Tags.ReferencedSopInstanceUid, Vr.UI, "1.2.9").With(Tags.Rows, Vr.US, (ushort)513);
        var file = SomeDicom.Instance().In(syntax)
            .WithUnknownSequence(0x00081140, undefinedLength, item)
            .WithUnknownSequence(0x00082112, undefinedLength);

        var (attributes, _) = Read(file);

        Assert.Equal(
            """{"vr":"SQ","Value":[{"00081155":{"vr":"UI","Value":["1.2.9"]},"00280010":{"vr":"US","Value":[513]}}]}""",
            Json(attributes, 0x00081140));
        Assert.Equal("""{"vr":"SQ"}""", Json(attributes, 0x00082112));
        Assert.Equal("P1", attributes.Text(Tags.PatientId));
    }

    [Fact]
    public void Read_known_number_written_as_UN_is_little_endian_in_big_endian_too()
    {
        var file = SomeDicom.Instance().With(Tags.Rows, Vr.UN, [0x01, 0x02]).In(TransferSyntax.ExplicitBigEndian);

        Assert.Equal("""{"vr":"US","Value":[513]}""", Json(Read(file).Attributes, Tags.Rows));
    }

    [Fact]
    public void Read_UN_that_should_be_a_sequence_and_is_not_stays_unknown()
    {
        var file = SomeDicom.Instance().With(0x00081140, Vr.UN, "no item!"u8.ToArray());

        var (attributes, _) = Read(file);

        Assert.Equal("", Json(attributes, 0x00081140));
        Assert.Equal("P1", attributes.Text(Tags.PatientId));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Read_sequence_without_items_has_no_value(string syntax, bool undefinedLengths)
    {
        var file = SomeDicom.Instance().In(syntax, undefinedLengths)
            .WithSequence(0x00081140)
            .WithSequence(0x00082112, new SomeDicom().WithSequence(0x0040A170).With(Tags.Rows, Vr.US, (ushort)1))
            .WithSequence(0x00082218, new SomeDicom());

        var (attributes, _) = Read(file);

        Assert.Equal("""{"vr":"SQ"}""", Json(attributes, 0x00081140));
        Assert.Equal(
            """{"vr":"SQ","Value":[{"00280010":{"vr":"US","Value":[1]},"0040A170":{"vr":"SQ"}}]}""", Json(attributes, 0x00082112));
        Assert.Equal("""{"vr":"SQ","Value":[{}]}""", Json(attributes, 0x00082218));
    }

    [Fact]
    public void Read_implicit_VR_knows_every_standard_attribute()
    {
        var file = SomeDicom.Instance().In(TransferSyntax.ImplicitLittleEndian)
            .With(0x00181060, Vr.DS, "12.5")
            .With(0x00324000, Vr.LT, "retired")
            .With(0x60020022, Vr.LO, "repeating")
            .With(0x00090010, Vr.LO, "A CREATOR")
            .With(0x00091001, Vr.LO, "private");

        var (attributes, _) = Read(file);

        Assert.Equal("""{"vr":"DS","Value":[12.5]}""", Json(attributes, 0x00181060));
        Assert.Equal("""{"vr":"LT","Value":["retired"]}""", Json(attributes, 0x00324000));
        Assert.Equal("""{"vr":"LO","Value":["repeating"]}""", Json(attributes, 0x60020022));
        Assert.Equal("""{"vr":"LO","Value":["A CREATOR"]}""", Json(attributes, 0x00090010));
        Assert.Equal("", Json(attributes, 0x00091001));
    }

    [Fact]
    public void Read_attribute_of_an_item_is_not_one_of_the_data_set()
    {
        var file = SomeDicom.Instance().Without(Tags.PatientId)
            .WithSequence(Tags.RequestAttributesSequence, new SomeDicom().With(Tags.PatientId, Vr.LO, "inner"));

        Assert.Equal("", Read(file).Attributes.Text(Tags.PatientId));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(40)]
    [InlineData(100)]
    public void Read_file_cut_short_is_refused(int missing)
    {
        var bytes = SomeDicom.Instance().ToBytes();

        Assert.Throws<DicomFormatException>(() => Read(bytes[..^missing]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_sequence_cut_anywhere_is_refused_or_whole(bool undefinedLengths)
    {
        var whole = new SomeDicom().With(Tags.SopInstanceUid, Vr.UI, "1.2")
            .WithSequence(ContentSequence, new SomeDicom().WithSequence(ContentSequence, new SomeDicom().With(TextValue, Vr.UT, "text")))
            .In(TransferSyntax.ExplicitLittleEndian, undefinedLengths).ToBytes();
        var first = new SomeDicom().With(Tags.SopInstanceUid, Vr.UI, "1.2").ToBytes().Length;
        Assert.Equal("1.2", Read(whole).Attributes.Text(Tags.SopInstanceUid));

        for (var length = first + 1; length < whole.Length; length++)
            Assert.Throws<DicomFormatException>(() => Read(whole[..length]));
    }

    [Fact]
    public void Read_sequences_nested_beyond_the_limit_is_refused()
    {
        var exception = Assert.Throws<DicomFormatException>(() => Read(Nested(DicomReader.MaxDepth + 1)));

        Assert.Contains("169", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_sequences_nested_to_the_limit_are_JSON_of_512_levels()
    {
        var (attributes, _) = Read(Nested(DicomReader.MaxDepth));
        var row = attributes.Render(attributes.AllTags, new Dictionary<uint, DicomJsonValue>());
        var answer = $"[{System.Text.Encoding.UTF8.GetString(row)}]";

        using var document = System.Text.Json.JsonDocument.Parse(answer, new() { MaxDepth = 512 });
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => System.Text.Json.JsonDocument.Parse(answer, new() { MaxDepth = 511 }));
        Assert.Contains("Deepest^Name", answer, StringComparison.Ordinal);
    }

    private static SomeDicom Nested(int levels)
    {
        var file = new SomeDicom().With(Tags.PatientName, Vr.PN, "Deepest^Name");
        for (var depth = 0; depth < levels; depth++)
            file = new SomeDicom().WithSequence(ContentSequence, file);

        return file.In(TransferSyntax.ExplicitLittleEndian, undefinedLengths: true);
    }

    [Fact]
    public void Read_length_beyond_the_end_allocates_nothing()
    {
        // A UT element that claims a length of two gigabytes.
        byte[] bytes =
        [
            .. SomeDicom.Instance().Without(Tags.PixelData).ToBytes(),
            0x40, 0x40, 0x60, 0xA1, (byte)'U', (byte)'T', 0, 0, 0, 0, 0, 0x7F,
        ];

        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<DicomFormatException>(() => Read(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Read_random_bytes_are_refused()
    {
        var random = new Random(7);
        var whole = SomeDicom.Instance()
            .WithSequence(ContentSequence, new SomeDicom().With(TextValue, Vr.UT, "text"))
            .In(TransferSyntax.ExplicitLittleEndian, true).ToBytes();
        for (var round = 0; round < 3000; round++)
        {
            var bytes = (byte[])whole.Clone();
            for (var change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(132, bytes.Length)] = (byte)random.Next(256);

            try
            {
                Read(bytes);
            }
            catch (DicomFormatException)
            {
                // The only exception allowed.
            }
        }
    }

    [Fact]
    public void Read_unknown_transfer_syntax_says_so()
    {
        var error = Assert.Throws<DicomFormatException>(() => Read(SomeDicom.Instance().In("1.2.840.113619.5.2")));

        Assert.True(error.IsTransferSyntaxUnsupported);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is not DICOM")]
    public void Read_other_files_are_refused(string text) =>
        Assert.Throws<DicomFormatException>(() => Read(System.Text.Encoding.ASCII.GetBytes(text)));

    internal static (DicomAttributes Attributes, string TransferSyntax) Read(SomeDicom file) => Read(file.ToBytes());

    internal static (DicomAttributes Attributes, string TransferSyntax) Read(byte[] file) =>
        DicomAttributes.Read(new MemoryStream(file), _ => true);

    internal static string Json(DicomAttributes attributes, uint tag) => System.Text.Encoding.UTF8.GetString(attributes.Json(tag).Span);
}
