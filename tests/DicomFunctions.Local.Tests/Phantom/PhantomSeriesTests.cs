using System.Buffers.Binary;
using System.Security.Cryptography;
using DicomFunctions.Core.Dicom;
using DicomFunctions.Local.Phantom;
using DicomFunctions.Testing;
using Xunit;

namespace DicomFunctions.Local.Tests.Phantom;

public sealed class PhantomSeriesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteAsync_default_writes_sixteen_slices_of_one_series()
    {
        var series = new PhantomSeries(new PhantomOptions());
        var paths = await WriteAsync(series, _folder.Combine("new", "folder"));
        Assert.Equal(Enumerable.Range(1, 16).Select(i => $"slice-{i:D4}.dcm"), paths.Select(Path.GetFileName));
        Assert.Equal(paths, Directory.EnumerateFiles(_folder.Combine("new", "folder")).Order(StringComparer.Ordinal));
        for (var i = 0; i < paths.Count; i++)
        {
            Assert.Equal(
                new Part10Header
                {
                    TransferSyntaxUid = TransferSyntaxes.ExplicitLittleEndian,
                    SopClassUid = "1.2.840.10008.5.1.4.1.1.2",
                    SopInstanceUid = series.SopInstanceUid(i),
                    SeriesInstanceUid = series.SeriesInstanceUid,
                    StudyInstanceUid = series.StudyInstanceUid,
                    HasPreamble = true,
                },
                Part10Header.Read(await File.ReadAllBytesAsync(paths[i]), isWhole: true).Header);
        }
    }

    [Fact]
    public void UIDs_are_UUIDs_and_all_different()
    {
        var uids = new HashSet<string>();
        foreach (var seed in new[] { 1, 2 })
        {
            foreach (var size in new[] { 64, 128 })
            {
                var series = new PhantomSeries(new PhantomOptions { Seed = seed, Rows = size, Slices = 2 });
                uids.UnionWith([series.StudyInstanceUid, series.SeriesInstanceUid, series.SopInstanceUid(0), series.SopInstanceUid(1)]);
            }
        }

        Assert.Equal(16, uids.Count);
        Assert.All(uids, uid =>
        {
            Assert.True(DicomUid.IsValid(uid));
            Assert.StartsWith("2.25.", uid, StringComparison.Ordinal);
            Assert.NotEqual('0', uid[5]);
        });
    }

    [Fact]
    public void Write_same_options_gives_the_same_bytes()
    {
        var options = new PhantomOptions { Rows = 32, Columns = 32, Seed = 5 };
        Assert.Equal(Bytes(options, 3), Bytes(options, 3));
        Assert.NotEqual(Bytes(options, 3), Bytes(options with { Seed = 6 }, 3));

        // Fixed forever: different bytes with the same UIDs would be a conflict in every store that has them.
        Assert.StartsWith(
            "c805cc5c6e04c5e97ea3108a22d53cbc", Convert.ToHexStringLower(SHA256.HashData(Bytes(options, 3))), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_middle_slice_shows_bone_around_brain_in_air()
    {
        var pixels = Bytes(new PhantomOptions(), 8).AsSpan(^(128 * 128 * 2)..);
        Assert.InRange(Density(pixels, 64, 2), -1004, -996); // beside the head
        Assert.InRange(Density(pixels, 64, 21), 996, 1004); // the skull
        Assert.InRange(Density(pixels, 90, 64), 31, 47); // the brain
        Assert.InRange(Density(pixels, 64, 52), 4, 12); // a ventricle
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 17, 33)]
    public void Write_any_size_has_its_pixels(int slices, int rows, int columns)
    {
        var bytes = Bytes(new PhantomOptions { Slices = slices, Rows = rows, Columns = columns }, slices - 1);
        var pixels = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'W', 0, 0]);
        Assert.Equal(rows * columns * 2, BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(pixels + 8)));
        Assert.Equal(bytes.Length, pixels + 12 + (rows * columns * 2));
        Assert.Equal(0, bytes.Length % 2);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(10_000, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 5000)]
    public void Constructor_out_of_range_says_what(int slices, int rows, int columns)
    {
        var options = new PhantomOptions { Slices = slices, Rows = rows, Columns = columns };
        var failure = Assert.Throws<ArgumentException>(() => new PhantomSeries(options));
        Assert.StartsWith(options.Problem()!, failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(PhantomOptions options, int slice)
    {
        var file = new MemoryStream();
        new PhantomSeries(options).Write(file, slice);
        return file.ToArray();
    }

    private static int Density(ReadOnlySpan<byte> pixels, int row, int column) =>
        BinaryPrimitives.ReadUInt16LittleEndian(pixels[(((row * 128) + column) * 2)..]) - 1024;

    private static async Task<List<string>> WriteAsync(PhantomSeries series, string folder)
    {
        var paths = new List<string>();
        await foreach (var path in series.WriteAsync(folder, CancellationToken.None))
            paths.Add(path);
        return paths;
    }
}
