using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace DicomFunctions.Local.Phantom;

/// <summary>
/// A valid synthetic CT series (PS3.3 §A.3, CT Image Storage, explicit VR little endian) for trials: files as a scanner sends them, with a
/// recognizable image.
/// </summary>
internal sealed class PhantomSeries
{
    private const string CtImageStorage = "1.2.840.10008.5.1.4.1.1.2";
    private const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";
    private const string Day = "20260102";
    private const string Time = "101112";
    private const double FieldOfView = 240; // mm
    private const double Height = 200; // mm
    private const int Intercept = -1024; // HU of a stored 0
    private const int MaxStored = 4095;
    private const int Noise = 4; // HU, either way

    private readonly PhantomOptions _options;
    private readonly string _key;
    private readonly double _spacing;
    private readonly double _thickness;

    /// <exception cref="ArgumentException">The options are out of range (<see cref="PhantomOptions.Problem"/>).</exception>
    public PhantomSeries(PhantomOptions options)
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        _options = options;
        _key = string.Create(CultureInfo.InvariantCulture, $"{options.Seed}/{options.Slices}x{options.Rows}x{options.Columns}");
        _spacing = FieldOfView / Math.Max(options.Rows, options.Columns);
        _thickness = Height / options.Slices;
    }

    /// <summary>Derived from the seed and the sizes, so that different images never have the same UID.</summary>
    public string StudyInstanceUid => PhantomUid.Of($"study/{_key}");

    public string SeriesInstanceUid => PhantomUid.Of($"series/{_key}");

    /// <summary>The UID of a slice, counted from 0.</summary>
    public string SopInstanceUid(int slice) => PhantomUid.Of(string.Create(CultureInfo.InvariantCulture, $"instance/{_key}/{slice}"));

    /// <summary>
    /// Writes <c>slice-0001.dcm</c> and so on into a folder, which is created if missing, and returns the path of each
    /// file once it is complete: a watcher of the folder sees only complete files.
    /// </summary>
    public async IAsyncEnumerable<string> WriteAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        for (var slice = 0; slice < _options.Slices; slice++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"slice-{slice + 1:D4}.dcm"));
            var part = Path.Combine(folder, $".{Path.GetFileName(path)}.part");
            var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 64 * 1024);
            await using (file.ConfigureAwait(false))
                Write(file, slice);
            File.Move(part, path, overwrite: true);
            yield return path;
        }
    }

    /// <summary>Writes one file, row by row.</summary>
    /// <param name="target">The target stream.</param>
    /// <param name="slice">Counted from 0, from the feet to the head.</param>
    public void Write(Stream target, int slice)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slice);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slice, _options.Slices);
        target.Write(new byte[128]);
        target.Write("DICM"u8);
        var meta = FileMeta(slice);
        target.Write(new ElementWriter().UnsignedLong(0x0002_0000, (uint)meta.Length).Written);
        target.Write(meta);
        var image = new ElementWriter();
        WriteIdentity(image, slice);
        WriteGeometry(image, slice);
        WriteImage(image);
        target.Write(image.Written);
        WritePixels(target, slice);
    }

    private ReadOnlySpan<byte> FileMeta(int slice) => new ElementWriter()
        .Bytes(0x0002_0001, [0, 1])
        .Text(0x0002_0002, "UI", CtImageStorage)
        .Text(0x0002_0003, "UI", SopInstanceUid(slice))
        .Text(0x0002_0010, "UI", ExplicitLittleEndian)
        .Text(0x0002_0012, "UI", PhantomUid.Of("implementation"))
        .Text(0x0002_0013, "SH", "DICOMFUNCTIONS")
        .Written;

    /// <summary>SOP Common, General Study, General Series, General Equipment, Patient.</summary>
    private void WriteIdentity(ElementWriter image, int slice) => image
        .Text(0x0008_0005, "CS", "ISO_IR 192")
        .Text(0x0008_0008, "CS", @"ORIGINAL\PRIMARY\AXIAL")
        .Text(0x0008_0016, "UI", CtImageStorage)
        .Text(0x0008_0018, "UI", SopInstanceUid(slice))
        .Text(0x0008_0020, "DA", Day)
        .Text(0x0008_0021, "DA", Day)
        .Text(0x0008_0022, "DA", Day)
        .Text(0x0008_0023, "DA", Day)
        .Text(0x0008_0030, "TM", Time)
        .Text(0x0008_0031, "TM", Time)
        .Text(0x0008_0032, "TM", Time)
        .Text(0x0008_0033, "TM", Time)
        .Text(0x0008_0050, "SH", $"PH{_options.Seed.ToString(CultureInfo.InvariantCulture)}")
        .Text(0x0008_0060, "CS", "CT")
        .Text(0x0008_0070, "LO", "DicomFunctions")
        .Text(0x0008_0090, "PN", "Phantom^Referrer")
        .Text(0x0008_1030, "LO", "Synthetic head")
        .Text(0x0008_103E, "LO", "Axial, made of ellipsoids")
        .Text(0x0008_1090, "LO", "Phantom")
        .Text(0x0010_0010, "PN", "Phantom^Synthetic")
        .Text(0x0010_0020, "LO", $"PHANTOM{_options.Seed.ToString(CultureInfo.InvariantCulture)}")
        .Text(0x0010_0030, "DA", "19700101")
        .Text(0x0010_0040, "CS", "O")
        .Text(0x0018_0015, "CS", "HEAD");

    /// <summary>CT Image, Frame of Reference, Image Plane, and the numbers of study, series and image.</summary>
    private void WriteGeometry(ElementWriter image, int slice)
    {
        var z = (slice + 0.5 - (_options.Slices / 2.0)) * _thickness;
        image
            .Decimals(0x0018_0050, _thickness)
            .Text(0x0018_0060, "DS", "120")
            .Text(0x0018_1020, "LO", "1")
            .Text(0x0018_5100, "CS", "HFS")
            .Text(0x0020_000D, "UI", StudyInstanceUid)
            .Text(0x0020_000E, "UI", SeriesInstanceUid)
            .Text(0x0020_0010, "SH", "1")
            .Integer(0x0020_0011, 1)
            .Integer(0x0020_0012, 1)
            .Integer(0x0020_0013, slice + 1)
            .Decimals(0x0020_0032, Place(0, _options.Columns), Place(0, _options.Rows), z)
            .Decimals(0x0020_0037, 1, 0, 0, 0, 1, 0)
            .Text(0x0020_0052, "UI", PhantomUid.Of($"frame/{_key}"))
            .Text(0x0020_1040, "LO", "")
            .Decimals(0x0020_1041, z);
    }

    /// <summary>Image Pixel, CT Image, VOI LUT, up to the start of the pixels.</summary>
    private void WriteImage(ElementWriter image) => image
        .UnsignedShort(0x0028_0002, 1)
        .Text(0x0028_0004, "CS", "MONOCHROME2")
        .UnsignedShort(0x0028_0010, _options.Rows)
        .UnsignedShort(0x0028_0011, _options.Columns)
        .Decimals(0x0028_0030, _spacing, _spacing)
        .UnsignedShort(0x0028_0100, 16)
        .UnsignedShort(0x0028_0101, 12)
        .UnsignedShort(0x0028_0102, 11)
        .UnsignedShort(0x0028_0103, 0)
        .Decimals(0x0028_1050, 40)
        .Decimals(0x0028_1051, 120)
        .Decimals(0x0028_1052, Intercept)
        .Decimals(0x0028_1053, 1)
        .Text(0x0028_1054, "LO", "HU")
        .Header(0x7FE0_0010, "OW", (uint)(_options.Rows * _options.Columns * sizeof(ushort)));

    private void WritePixels(Stream target, int slice)
    {
        var noise = (uint)HashCode(_options.Seed, slice);
        var bytes = new byte[_options.Columns * sizeof(ushort)];
        var z = (slice + 0.5 - (_options.Slices / 2.0)) * _thickness / (Height / 2);
        for (var row = 0; row < _options.Rows; row++)
        {
            var y = Place(row, _options.Rows) / (FieldOfView / 2);
            for (var column = 0; column < _options.Columns; column++)
            {
                // xorshift: the same on every machine, which Random does not promise.
                noise ^= noise << 13;
                noise ^= noise >> 17;
                noise ^= noise << 5;
                var x = Place(column, _options.Columns) / (FieldOfView / 2);
                var stored = PhantomHead.DensityAt(x, y, z) - Intercept + (int)(noise % ((2 * Noise) + 1)) - Noise;
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(column * sizeof(ushort)), (ushort)Math.Clamp(stored, 0, MaxStored));
            }

            target.Write(bytes);
        }
    }

    /// <summary>The position of a pixel's center along a row or column, in mm from the center of the image.</summary>
    private double Place(int index, int count) => (index + 0.5 - (count / 2.0)) * _spacing;

    private static int HashCode(int seed, int slice) => unchecked((seed * 486_187_739) + (slice * 16_777_619) + 1) | 1;
}
