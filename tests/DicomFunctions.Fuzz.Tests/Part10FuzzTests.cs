using System.IO.Compression;
using System.Text;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Fuzz.Tests.Generators;
using DicomFunctions.Fuzz.Tests.Harness;
using DicomFunctions.Testing;

namespace DicomFunctions.Fuzz.Tests;

/// <summary>What identifies a DICOM file, read from its first bytes: <see cref="Part10Header"/>.</summary>
public sealed class Part10FuzzTests
{
    /// <summary>A piece, what inflates it, and a result.</summary>
    private const long Most = 100_000;

    [Fact]
    public void Every_valid_file_is_identified() => Fuzzing.Check(DicomSample.Any, sample =>
        IsIdentity(sample, Read(sample.ToBytes(), isWhole: true)));

    [Fact]
    public void The_beginning_of_a_valid_file_is_identified_or_more_is_asked_for() => Fuzzing.Check(
        DicomSample.Any,
        sample =>
        {
            var file = sample.ToBytes();
            var step = Math.Max(1, file.Length / 100);
            for (var length = 0; length < file.Length; length += length is > 120 and < 300 ? 1 : step)
            {
                var result = Read(file.AsSpan(0, length), isWhole: false);
                Assert.False(result.IsNotDicom, $"{length} of {file.Length} bytes: {result.Reason}");
                if (result.IsFound)
                    IsIdentity(sample, result);
            }
        },
        runs: 200);

    [Fact]
    public void A_damaged_file_has_a_header_or_a_reason() =>
        Fuzzing.Check(Input.Of(Damage.Of(DicomSample.Any.Generator.Select(sample => sample.ToBytes()))), HasHeaderOrReason, runs: 5000);

    [Fact]
    public void Noise_behind_a_file_meta_has_a_header_or_a_reason() => Fuzzing.Check(
        Input.Of(
            from syntax in Gen.Elements(
                TransferSyntaxes.ImplicitLittleEndian, TransferSyntaxes.ExplicitLittleEndian, TransferSyntaxes.ExplicitBigEndian,
                TransferSyntaxes.Deflated)
            from noise in Damage.Noise
            select (byte[])[.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2", syntax), .. noise]),
        HasHeaderOrReason);

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFE)]
    [InlineData(0xFF)]
    public void A_bomb_is_inflated_no_further_than_a_header_is_looked_for(byte content)
    {
        var inflated = new DataSetWriter(isExplicit: true)
            .Text(0x0008_0018, "UI", "1.2.3")
            .Header(0x0009_1001, "OB", 0xFFFF_FFFE)
            .ToArray();
        using var file = new MemoryStream();
        file.Write([.. Some.DicomPreamble, .. Some.DicomFileMeta("1.2.3", TransferSyntaxes.Deflated)]);
        using (var deflate = new DeflateStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(inflated);
            var zeros = new byte[1 << 20];
            Array.Fill(zeros, content);
            for (var megabytes = 0; megabytes < 128; megabytes++)
                deflate.Write(zeros);
        }

        var result = Read(file.GetBuffer().AsSpan(0, (int)file.Length), isWhole: true);
        Assert.Equal("1.2.3", result.Header?.SopInstanceUid);
    }

    [Theory]
    [Corpus("part10")]
    public void What_was_found_stays_found(string file) =>
        Assert.All(Input.InPieces(CorpusAttribute.Read("part10", file)), input => Fuzzing.Replay(input, HasHeaderOrReason));

    private static void HasHeaderOrReason(Input input)
    {
        var whole = Read(input.Bytes, isWhole: true);
        Assert.NotEqual(Part10Status.NeedMore, whole.Status);
        IsSound(whole);
        var inPieces = Part10Header.ReadAsync(input.Open(), input.Bytes.Length, CancellationToken.None).AsTask();
        Assert.True(inPieces.IsCompleted);
        IsSound(inPieces.Result);
        Assert.NotEqual(Part10Status.NeedMore, inPieces.Result.Status);

        // Of a deflated data set that is damaged, how much comes out depends on the pieces.
        if (input.Bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(TransferSyntaxes.Deflated)) < 0)
            Assert.Equal(whole, inPieces.Result);
        var beginning = Read(input.Bytes, isWhole: false);
        IsSound(beginning);
        if (beginning.Status != Part10Status.NeedMore)
            Assert.Equal(whole, beginning);
    }

    private static void IsSound(in Part10Result result)
    {
        Assert.Equal(result.Status == Part10Status.Found, result.IsFound);
        Assert.Equal(result.Status == Part10Status.NotDicom, result.Reason is { Length: > 0 });
        if (result.Header is { } header)
        {
            string?[] uids =
            [
                header.TransferSyntaxUid, header.SopClassUid, header.SopInstanceUid, header.FileMetaSopInstanceUid,
                header.SeriesInstanceUid, header.StudyInstanceUid,
            ];
            Assert.All(uids, uid => Assert.True(uid is null || DicomUid.IsValid(uid)));
        }
    }

    private static void IsIdentity(DicomSample sample, in Part10Result result)
    {
        Assert.True(result.IsFound, result.Reason);
        var syntax = sample is { HasFileMeta: false, Syntax: TransferSyntaxes.JpegBaseline }
            ? TransferSyntaxes.ExplicitLittleEndian
            : sample.Syntax;
        var expected = new Part10Header
        {
            TransferSyntaxUid = syntax,
            SopClassUid = Some.SecondaryCapture,
            SopInstanceUid = sample.Instance,
            StudyInstanceUid = sample.Study,
            SeriesInstanceUid = sample.Series,
            HasPreamble = sample.HasPreamble,
        };
        Assert.Equal(expected, result.Header);
    }

    private static Part10Result Read(ReadOnlySpan<byte> prefix, bool isWhole)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = Part10Header.Read(prefix, isWhole);
        Memory.AssertAtMost(Most, before);
        return result;
    }
}
