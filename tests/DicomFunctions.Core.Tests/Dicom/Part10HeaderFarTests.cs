using System.IO.Compression;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Dicom;

/// <summary>Identifiers that lie far into the file, or not where their order wants them.</summary>
public sealed class Part10HeaderFarTests
{
    public static TheoryData<string, bool> Forms()
    {
        var forms = new TheoryData<string, bool>();
        foreach (var syntax in new[]
        {
            TransferSyntaxes.ImplicitLittleEndian, TransferSyntaxes.ExplicitLittleEndian, TransferSyntaxes.ExplicitBigEndian,
            TransferSyntaxes.Deflated,
        })
        {
            forms.Add(syntax, false);
            forms.Add(syntax, true);
        }

        return forms;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task ReadAsync_megabytes_of_items_before_the_UIDs_are_read_over(string syntax, bool isUndefined)
    {
        var item = DataSetWriter.For(syntax)
            .Text(0x0008_1150, "UI", Some.SecondaryCapture).Text(0x0008_1155, "UI", "1.2.3").Text(0x0020_000E, "UI", "9.9.9").ToArray();
        var dataSet = DataSetWriter.For(syntax)
            .Text(0x0008_0016, "UI", Some.SecondaryCapture)
            .Text(0x0008_0018, "UI", "1.2")
            .Header(0x0008_2112, "SQ", isUndefined ? DataSetWriter.Undefined : 30_000 * (8 + (uint)item.Length));
        for (var i = 0; i < 30_000; i++)
        {
            dataSet.Raw(0xFFFE_E000, isUndefined ? DataSetWriter.Undefined : (uint)item.Length).Append(item);
            if (isUndefined)
                dataSet.Raw(0xFFFE_E00D, 0);
        }

        if (isUndefined)
            dataSet.Raw(0xFFFE_E0DD, 0);
        dataSet.Text(0x0020_000D, "UI", "3.4").Text(0x0020_000E, "UI", "5.6");
        var file = File(syntax, dataSet);
        await AssertReadAsync(file, ("1.2", "3.4", "5.6"));
    }

    [Fact]
    public async Task ReadAsync_a_value_of_megabytes_in_private_groups_is_read_over() => await AssertReadAsync(
        File(TransferSyntaxes.ExplicitLittleEndian, new DataSetWriter(isExplicit: true)
            .Text(0x0008_0018, "UI", "1.2")
            .Bytes(0x0009_1001, "OB", new byte[5 << 20])
            .Text(0x0020_000D, "UI", "3.4")
            .Bytes(0x0020_000E, "UI", [.. "5.6"u8, 0])),
        ("1.2", "3.4", "5.6"));

    [Fact]
    public async Task ReadAsync_groups_in_any_order_are_looked_through_up_to_the_pixel_data()
    {
        Action<DataSetWriter>[] groups =
        [
            data => data.Text(0x0008_0016, "UI", Some.SecondaryCapture).Text(0x0008_0018, "UI", "1.2"),
            data => data.Text(0x0020_000E, "UI", "5.6").Text(0x0020_000D, "UI", "3.4"),
            data => data.Number(0x0028_0010, 1),
            data => data.Bytes(0x0029_1001, "OB", new byte[100_000]),
        ];
        foreach (var order in Permutations(4))
        {
            var data = new DataSetWriter(isExplicit: true);
            foreach (var group in order)
                groups[group](data);
            data.Bytes(0x7FE0_0010, "OB", [1, 2]);
            await AssertReadAsync(File(TransferSyntaxes.ExplicitLittleEndian, data), ("1.2", "3.4", "5.6"));
        }

        var behind = new DataSetWriter(isExplicit: true)
            .Text(0x0008_0018, "UI", "1.2")
            .Bytes(0x7FE0_0010, "OB", [1, 2])
            .Text(0x0020_000D, "UI", "3.4");
        await AssertReadAsync(File(TransferSyntaxes.ExplicitLittleEndian, behind), ("1.2", null, null));
    }

    [Fact]
    public async Task ReadAsync_cut_off_behind_where_the_UIDs_belong_is_for_the_server_to_judge()
    {
        var data = new DataSetWriter(isExplicit: true)
            .Text(0x0008_0018, "UI", "1.2")
            .Text(0x0020_000D, "UI", "3.4")
            .Header(0x0028_3006, "OW", 1000);
        await AssertReadAsync(File(TransferSyntaxes.ExplicitLittleEndian, data), ("1.2", "3.4", null));
    }

    [Fact]
    public void Read_file_meta_that_names_another_instance_says_so()
    {
        var dataSet = Some.DicomFile(instance: "1.2", hasPreamble: false, hasFileMeta: false);
        byte[] differs = [.. Some.DicomPreamble, .. Some.DicomFileMeta("9.9", TransferSyntaxes.ExplicitLittleEndian), .. dataSet];
        byte[] agrees = [.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", TransferSyntaxes.ExplicitLittleEndian), .. dataSet];
        Assert.Equal(("1.2", "9.9"), Uids(differs));
        Assert.Equal(("1.2", null), Uids(agrees));

        static (string?, string?) Uids(byte[] file) =>
            Part10Header.Read(file, isWhole: true).Header is { } header ? (header.SopInstanceUid, header.FileMetaSopInstanceUid) : default;
    }

    [Theory]
    [InlineData(TransferSyntaxes.ImplicitLittleEndian)]
    [InlineData(TransferSyntaxes.ExplicitLittleEndian)]
    [InlineData(TransferSyntaxes.ExplicitBigEndian)]
    public async Task Read_a_bare_data_set_with_DICM_at_byte_128_is_a_bare_data_set(string syntax)
    {
        // The four letters end the value, with an element of the data set behind it, or are in the middle of it.
        foreach (var behind in new[] { "", "\0\0", " (Digital Imaging and Communications in Medicine)" })
        {
            var beginning = DataSetWriter.For(syntax).Text(0x0008_0018, "UI", "1.2").Text(0x0008_0060, "CS", "OT").ToArray();
            var file = DataSetWriter.For(syntax)
                .Append(beginning)
                .Text(0x0008_1030, "LO", new string('x', 128 - beginning.Length - 8) + "DICM" + behind)
                .Text(0x0008_103E, "LO", "Follows")
                .Text(0x0020_000D, "UI", "3.4")
                .Text(0x0020_000E, "UI", "5.6")
                .ToArray();
            Assert.Equal("DICM"u8, file.AsSpan(128, 4));
            await AssertReadAsync(file, ("1.2", "3.4", "5.6"));
            Assert.False(Part10Header.Read(file, isWhole: true).Header!.HasPreamble);
        }
    }

    [Fact]
    public async Task Read_a_file_meta_without_a_preamble_and_DICM_at_byte_128_is_read_from_its_beginning()
    {
        var meta = new DataSetWriter(isExplicit: true).Text(0x0002_0010, "UI", TransferSyntaxes.ImplicitLittleEndian).ToArray();
        byte[] file =
        [
            .. meta,
            .. new DataSetWriter(isExplicit: true).Text(0x0002_0016, "AE", new string('x', 128 - meta.Length - 8) + "DICM").ToArray(),
            .. Some.DicomFile("3.4", "5.6", "1.2", TransferSyntaxes.ImplicitLittleEndian, hasPreamble: false, hasFileMeta: false),
        ];
        Assert.Equal("DICM"u8, file.AsSpan(128, 4));
        await AssertReadAsync(file, ("1.2", "3.4", "5.6"));
        Assert.False(Part10Header.Read(file, isWhole: true).Header!.HasPreamble);
    }

    [Fact]
    public void Read_a_preamble_that_begins_like_a_data_set_is_one_where_a_file_meta_follows()
    {
        var file = Some.DicomFile();
        new DataSetWriter(isExplicit: true).Text(0x0008_0005, "CS", "ISO_IR 192").ToArray().CopyTo(file, 0);
        var header = Part10Header.Read(file, isWhole: true).Header;
        Assert.True(header is { HasPreamble: true, SeriesInstanceUid: Some.SeriesUid });
    }

    [Theory]
    [InlineData(TransferSyntaxes.ExplicitLittleEndian)]
    [InlineData(TransferSyntaxes.Deflated)]
    public async Task ReadAsync_in_pieces_of_any_size_reads_the_same(string syntax)
    {
        var file = Some.DicomFile(transferSyntax: syntax, pixelBytes: 100);
        var whole = Part10Header.Read(file, isWhole: true);
        for (var length = 0; length <= file.Length; length++)
        {
            var part = file[..length];
            var expected = Part10Header.Read(part, isWhole: true);
            foreach (var piece in new[] { 1, 7, 1000 })
                Assert.Equal(expected, await Part10Header.ReadAsync(new ChoppedStream(part, piece), length, CancellationToken.None));
        }

        Assert.True(whole.IsFound);
    }

    private static byte[] File(string syntax, DataSetWriter dataSet)
    {
        byte[] beginning = [.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", syntax)];
        if (syntax != TransferSyntaxes.Deflated)
            return [.. beginning, .. dataSet.ToArray()];
        using var file = new MemoryStream();
        file.Write(beginning);
        using (var deflated = new DeflateStream(file, CompressionLevel.Fastest, leaveOpen: true))
            deflated.Write(dataSet.ToArray());
        return file.ToArray();
    }

    private static async Task AssertReadAsync(byte[] file, (string? Instance, string? Study, string? Series) expected)
    {
        var memory = Part10Header.Read(file, isWhole: true);
        Assert.True(memory.IsFound, memory.Reason);
        Assert.Equal(expected, (memory.Header.SopInstanceUid, memory.Header.StudyInstanceUid, memory.Header.SeriesInstanceUid));
        Assert.Equal(memory, await Part10Header.ReadAsync(new MemoryStream(file), file.Length, CancellationToken.None));
    }

    private static IEnumerable<int[]> Permutations(int count) => count == 0
        ? [[]]
        : from rest in Permutations(count - 1)
          from at in Enumerable.Range(0, count)
          select (int[])[.. rest[..at], count - 1, .. rest[at..]];
}
