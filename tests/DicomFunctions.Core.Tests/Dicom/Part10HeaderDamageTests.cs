using DicomFunctions.Core.Dicom;
using DicomFunctions.Core.Tests.Fakes;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Core.Tests.Dicom;

/// <summary>Files that lie, are cut off, or are damaged.</summary>
public sealed class Part10HeaderDamageTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(100_000)]
    [InlineData(int.MaxValue)]
    public void Read_wrong_length_of_group_2_is_ignored(int length)
    {
        var file = Some.DicomFile();
        BitConverter.GetBytes(length).CopyTo(file, 132 + 8);
        Assert.Equal(Some.SeriesUid, Part10Header.Read(file, isWhole: true).Header?.SeriesInstanceUid);
    }

    [Fact]
    public void Read_deflated_data_that_looks_like_group_2_is_not_taken_for_it()
    {
        // An empty block, whose bits and those of the next block's header make the bytes 02 00; a stored block; an empty last one.
        var dataSet = Some.DicomFile(hasPreamble: false, hasFileMeta: false);
        byte[] lengths = [.. BitConverter.GetBytes((ushort)dataSet.Length), .. BitConverter.GetBytes((ushort)~dataSet.Length)];
        byte[] deflated = [0x02, 0x00, .. lengths, .. dataSet, 0x01, 0x00, 0x00, 0xFF, 0xFF];
        byte[] file = [.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", TransferSyntaxes.Deflated), .. deflated];
        var header = Part10Header.Read(file, isWhole: true).Header;
        Assert.Equal(Some.SeriesUid, header?.SeriesInstanceUid);
    }

    [Fact]
    public void Read_deflated_garbage_says_so()
    {
        byte[] file =
            [.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", TransferSyntaxes.Deflated), .. Enumerable.Repeat((byte)0xFF, 100)];
        Assert.Contains("inflated", Part10Header.Read(file, isWhole: true).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(uint.MaxValue - 1)]
    [InlineData(0x8000_0000)]
    [InlineData(0x7FFF_FFFF)]
    [InlineData(2_000_000)]
    public async Task Read_a_value_that_ends_behind_the_file_is_cut_off_and_is_not_waited_for(uint length)
    {
        byte[] beginning =
        [
            .. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", TransferSyntaxes.ExplicitLittleEndian),
            .. new DataSetWriter(isExplicit: true).Text(0x0008_0060, "CS", "CT").Header(0x0009_1001, "OB", length).ToArray(),
        ];
        Assert.Equal(Part10Status.NeedMore, Part10Header.Read(beginning, isWhole: false).Status);
        Assert.Contains("cut off", Part10Header.Read(beginning, isWhole: true).Reason, StringComparison.Ordinal);

        using var file = new MemoryStream([.. beginning, .. new byte[1_000_000]]);
        var result = await Part10Header.ReadAsync(file, file.Length, CancellationToken.None);
        Assert.Contains("cut off", result.Reason, StringComparison.Ordinal);
        Assert.InRange(file.Position, 1, 100_000);
    }

    [Fact]
    public async Task ReadAsync_a_value_that_ends_behind_the_limit_gives_what_there_is_and_is_not_read_over()
    {
        byte[] beginning =
        [
            .. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", TransferSyntaxes.ExplicitLittleEndian),
            .. new DataSetWriter(isExplicit: true).Text(0x0008_0060, "CS", "CT").Header(0x0009_1001, "OB", uint.MaxValue - 1).ToArray(),
        ];
        using var file = new MemoryStream([.. beginning, .. new byte[1_000_000]]);
        var header = (await Part10Header.ReadAsync(file, 5L << 30, CancellationToken.None)).Header;
        Assert.Equal(("1.2", null), (header?.SopInstanceUid, header?.SeriesInstanceUid));
        Assert.InRange(file.Position, 1, 100_000);
    }

    [Fact]
    public async Task ReadAsync_an_endless_sequence_is_read_up_to_the_limit()
    {
        var item = new DataSetWriter(isExplicit: true)
            .Raw(0xFFFE_E000, DataSetWriter.Undefined)
            .Bytes(0x0009_1001, "OB", new byte[1 << 20])
            .Raw(0xFFFE_E00D, 0)
            .ToArray();
        byte[] beginning =
        [
            .. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", TransferSyntaxes.ExplicitLittleEndian),
            .. new DataSetWriter(isExplicit: true)
                .Text(0x0008_0060, "CS", "CT")
                .Header(0x0008_1140, "SQ", DataSetWriter.Undefined)
                .ToArray(),
        ];
        using var file = new RepeatingStream(beginning, item);
        var header = (await Part10Header.ReadAsync(file, 5L << 30, CancellationToken.None)).Header;
        Assert.Equal(("1.2", null), (header?.SopInstanceUid, header?.SeriesInstanceUid));
        Assert.InRange(file.Given, Part10Header.MaxLength - (1 << 20), Part10Header.MaxLength + (2 << 20));
    }

    [Fact]
    public async Task ReadAsync_a_hostile_length_in_group_2_is_refused()
    {
        byte[] beginning =
            [.. Some.DicomPreamble, .. new DataSetWriter(isExplicit: true).Header(0x0002_0001, "OB", uint.MaxValue - 1).ToArray()];
        using var file = new MemoryStream([.. beginning, .. new byte[1000]]);
        Assert.True((await Part10Header.ReadAsync(file, file.Length, CancellationToken.None)).IsNotDicom);
        file.Position = 0;
        Assert.True((await Part10Header.ReadAsync(file, 5L << 30, CancellationToken.None)).IsNotDicom);
    }

    [Fact]
    public void Read_nothing_at_all_says_the_file_is_empty() =>
        Assert.Equal("The file is empty.", Part10Header.Read([], isWhole: true).Reason);

    [Fact]
    public void Read_file_meta_alone_is_cut_off() =>
        Assert.True(
            Part10Header.Read(
                [.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", TransferSyntaxes.ExplicitLittleEndian)], isWhole: true).IsNotDicom);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Read_damaged_bytes_never_throw(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 3000; round++)
        {
            var syntax = (round % 4) switch
            {
                0 => TransferSyntaxes.ImplicitLittleEndian,
                1 => TransferSyntaxes.ExplicitBigEndian,
                2 => TransferSyntaxes.Deflated,
                _ => TransferSyntaxes.ExplicitLittleEndian,
            };
            var file = Some.DicomFile(transferSyntax: syntax, hasPreamble: round % 3 != 0);
            for (var damage = random.Next(1, 20); damage > 0; damage--)
                file[random.Next(file.Length)] = (byte)random.Next(256);
            var prefix = file.AsSpan(0, random.Next(file.Length + 1));
            AssertSound(Part10Header.Read(prefix, isWhole: false));
            Assert.NotEqual(Part10Status.NeedMore, AssertSound(Part10Header.Read(prefix, isWhole: true)).Status);
        }
    }

    [Fact]
    public void Read_found_header_allocates_no_more_than_its_strings()
    {
        var file = Some.DicomFile(pixelBytes: 2000);
        Part10Header.Read(file, isWhole: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var header = Part10Header.Read(file, isWhole: false).Header!;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.NotNull(header.SeriesInstanceUid);

        // Seven UIDs (two of them of the file meta), at most 64 characters each, and the header.
        Assert.InRange(allocated, 1, (7 * (22 + (2 * 64) + 8)) + 100);
    }

    private static Part10Result AssertSound(Part10Result result)
    {
        Assert.Equal(result.Status == Part10Status.Found, result.IsFound);
        Assert.Equal(result.Status == Part10Status.NotDicom, result.IsNotDicom);
        if (result.Header is { } header)
        {
            foreach (var uid
                in new[]
                {
                    header.TransferSyntaxUid,
                    header.SopClassUid,
                    header.SopInstanceUid,
                    header.FileMetaSopInstanceUid,
                    header.SeriesInstanceUid,
                    header.StudyInstanceUid,
                })
            {
                Assert.True(uid is null || DicomUid.IsValid(uid));
            }
        }

        return result;
    }
}
