using DicomFunctions.Core.Dicom;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Dicom;

public sealed class Part10HeaderTests
{
    public static TheoryData<string, bool, bool> Forms()
    {
        var forms = new TheoryData<string, bool, bool>();
        foreach (var syntax in new[]
        {
            TransferSyntaxes.ImplicitLittleEndian, TransferSyntaxes.ExplicitLittleEndian, TransferSyntaxes.ExplicitBigEndian,
            TransferSyntaxes.Deflated, TransferSyntaxes.JpegBaseline,
        })
        {
            forms.Add(syntax, true, true);
            forms.Add(syntax, false, true);
        }

        foreach (var syntax
            in new[] { TransferSyntaxes.ImplicitLittleEndian, TransferSyntaxes.ExplicitLittleEndian, TransferSyntaxes.ExplicitBigEndian })
        {
            forms.Add(syntax, true, false);
            forms.Add(syntax, false, false);
        }

        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_every_form_finds_the_same_identifiers(string transferSyntax, bool hasPreamble, bool hasFileMeta)
    {
        var file = Some.DicomFile(transferSyntax: transferSyntax, hasPreamble: hasPreamble, hasFileMeta: hasFileMeta);
        Assert.Equal(
            new Part10Header
            {
                TransferSyntaxUid = transferSyntax,
                SopClassUid = Some.SecondaryCapture,
                SopInstanceUid = Some.InstanceUid,
                SeriesInstanceUid = Some.SeriesUid,
                StudyInstanceUid = Some.StudyUid,
                HasPreamble = hasPreamble,
            },
            Part10Header.Read(file, isWhole: true).Header);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Read_every_prefix_needs_more_until_it_is_enough(string transferSyntax, bool hasPreamble, bool hasFileMeta)
    {
        var file = Some.DicomFile(transferSyntax: transferSyntax, hasPreamble: hasPreamble, hasFileMeta: hasFileMeta);
        var whole = Part10Header.Read(file, isWhole: true);
        var isEnough = false;
        for (var length = 0; length <= file.Length; length++)
        {
            var partial = Part10Header.Read(file.AsSpan(0, length), isWhole: false);
            Assert.Equal(isEnough || partial.IsFound ? whole : Part10Result.NeedMore, partial);
            isEnough |= partial.IsFound;

            // The same bytes as a whole file are cut off, and that is no exception either.
            var cut = Part10Header.Read(file.AsSpan(0, length), isWhole: true);
            Assert.NotEqual(Part10Status.NeedMore, cut.Status);
            Assert.Equal(isEnough, cut.IsFound && cut.Header.SeriesInstanceUid is not null);
        }

        Assert.True(isEnough);
    }

    [Fact]
    public void Read_reads_no_further_than_the_series()
    {
        var file = Some.DicomFile(pixelBytes: 100_000);
        Assert.True(Part10Header.Read(file.AsSpan(0, 1024), isWhole: false).IsFound);
    }

    [Fact]
    public void Read_DICM_at_the_very_beginning_is_found_without_preamble()
    {
        var header = Part10Header.Read([.. "DICM"u8, .. Some.DicomFile(hasPreamble: false)], isWhole: true).Header;
        Assert.Equal(Some.InstanceUid, header?.SopInstanceUid);
        Assert.False(header?.HasPreamble);
    }

    [Fact]
    public void Read_identifiers_missing_from_the_data_set_fall_back_to_the_file_meta()
    {
        var dataSet = new DataSetWriter(isExplicit: true).Text(0x0010_0020, "LO", "P").Number(0x0028_0010, 1).ToArray();
        var header = Part10Header.Read(
            [.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2.3", TransferSyntaxes.ExplicitLittleEndian), .. dataSet],
            isWhole: true).Header;
        Assert.Equal("1.2.3", header?.SopInstanceUid);
        Assert.Equal(Some.SecondaryCapture, header?.SopClassUid);
        Assert.Null(header?.StudyInstanceUid);
        Assert.Null(header?.SeriesInstanceUid);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("not.a.uid", null)]
    [InlineData("1.2.3 ", "1.2.3")]
    [InlineData("../../etc", null)]
    public void Read_study_of_any_kind_is_a_UID_or_null(string? written, string? read)
    {
        var result = Part10Header.Read(Some.DicomFile(study: written), isWhole: true);
        Assert.True(result.IsFound);
        Assert.Equal(read, result.Header.StudyInstanceUid);
    }

    [Theory]
    [InlineData(TransferSyntaxes.ImplicitLittleEndian, "SQ")]
    [InlineData(TransferSyntaxes.ExplicitLittleEndian, "SQ")]
    [InlineData(TransferSyntaxes.ExplicitBigEndian, "SQ")]
    [InlineData(TransferSyntaxes.ExplicitLittleEndian, "UN")] // its content is implicit little endian (PS3.5 §6.2.2)
    public void Read_nested_sequences_before_the_series_are_stepped_over(string syntax, string vr)
    {
        var nested = (vr == "UN" ? new DataSetWriter(isExplicit: false) : DataSetWriter.For(syntax))
            .Raw(0xFFFE_E000, DataSetWriter.Undefined)
            .Text(0x0020_000E, "UI", "9.9.9")
            .Sequence(0x0008_1199, item => item.Text(0x0008_0018, "UI", "9.9"))
            .Raw(0xFFFE_E00D, 0)
            .Raw(0xFFFE_E0DD, 0);
        var before = DataSetWriter.For(syntax)
            .Text(0x0008_0018, "UI", "1.2")
            .Text(0x0008_0060, "CS", "CT")
            .Header(0x0008_1140, vr, DataSetWriter.Undefined);
        var after = DataSetWriter.For(syntax)
            .Text(0x0009_0010, "LO", "PRIVATE")
            .Bytes(0x0009_1001, "OB", new byte[70_000])
            .Text(0x0020_000D, "UI", "3.4")
            .Text(0x0020_000E, "UI", "5.6");
        var header = Part10Header.Read(
            [.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", syntax), .. before.ToArray(), .. nested.ToArray(), .. after.ToArray()],
            isWhole: false).Header;
        Assert.Equal(("1.2", "3.4", "5.6"), (header?.SopInstanceUid, header?.StudyInstanceUid, header?.SeriesInstanceUid));
    }

    [Fact]
    public void Read_hundred_thousand_nested_sequences_takes_no_stack()
    {
        var bomb = new DataSetWriter(isExplicit: false).Text(0x0008_0018, "UI", "1.2");
        for (var i = 0; i < 50_000; i++)
            bomb.Raw(0x0008_1140, DataSetWriter.Undefined).Raw(0xFFFE_E000, DataSetWriter.Undefined);
        var result = Part10Header.Read(
            [.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", TransferSyntaxes.ImplicitLittleEndian), .. bomb.ToArray()], isWhole: true);
        Assert.True(result.IsNotDicom);
    }

    [Theory]
    [InlineData(TransferSyntaxes.ExplicitLittleEndian, TransferSyntaxes.ImplicitLittleEndian)]
    [InlineData(TransferSyntaxes.ImplicitLittleEndian, TransferSyntaxes.ExplicitLittleEndian)]
    [InlineData(TransferSyntaxes.ExplicitLittleEndian, TransferSyntaxes.ExplicitBigEndian)]
    public void Read_file_that_is_wrong_about_its_encoding_is_read_as_it_is(string announced, string actual)
    {
        byte[] file =
        [
            .. Some.DicomPreamble, .. Some.DicomFileMeta(Some.InstanceUid, announced),
            .. Some.DicomFile(transferSyntax: actual, hasPreamble: false, hasFileMeta: false),
        ];
        var header = Part10Header.Read(file, isWhole: true).Header;
        Assert.Equal(announced, header?.TransferSyntaxUid);
        Assert.Equal(Some.SeriesUid, header?.SeriesInstanceUid);
    }
}
