using System.IO.Compression;
using System.IO.Hashing;
using DicomFunctions.Core.Streams;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Sources.Zip;

/// <summary>
/// The bytes of a file in a zip file, unpacked while they are read. Never more than the zip file announces; bytes with another checksum end
/// in <see cref="InvalidDataException"/> before the last of them is given.
/// </summary>
internal sealed class ZipContent : ReadOnlyStream
{
    private const uint HeaderSignature = 0x04034b50;
    private const int HeaderLength = 30;

    private readonly ZipEntry _entry;
    private readonly Stream _unpacked;
    private readonly Crc32 _crc = new();
    private long _read;

    private ZipContent(ZipEntry entry, Stream unpacked) => (_entry, _unpacked) = (entry, unpacked);

    /// <param name="file">The zip file; not disposed.</param>
    /// <param name="length">Its length.</param>
    /// <param name="entry">The file in it.</param>
    /// <exception cref="InvalidDataException">The file is not where the directory says.</exception>
    public static ZipContent Open(SafeFileHandle file, long length, ZipEntry entry)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        ZipDirectory.Fill(file, header, entry.Header);
        var start = entry.Header + HeaderLength + BitConverter.ToUInt16(header[26..]) + BitConverter.ToUInt16(header[28..]);
        if (BitConverter.ToUInt32(header) != HeaderSignature || start + entry.CompressedLength > length)
            throw new InvalidDataException();
        var packed = new Packed(file, start, entry.CompressedLength);
        return new ZipContent(
            entry, entry.Method == ZipEntry.Stored ? packed : new DeflateStream(packed, CompressionMode.Decompress));
    }

    public override int Read(Span<byte> buffer) => Check(buffer[..Clip(buffer.Length)], _unpacked.Read(buffer[..Clip(buffer.Length)]));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer = buffer[..Clip(buffer.Length)];
        var read = await _unpacked.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Check(buffer.Span, read);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _unpacked.Dispose();
        base.Dispose(disposing);
    }

    private int Clip(int wanted) => (int)Math.Min(wanted, _entry.Length - _read);

    private int Check(ReadOnlySpan<byte> buffer, int read)
    {
        _crc.Append(buffer[..read]);
        _read += read;
        return read == 0 || _read < _entry.Length || _crc.GetCurrentHashAsUInt32() == _entry.Crc
            ? read
            : throw new InvalidDataException();
    }

    /// <summary>A range of the zip file.</summary>
    private sealed class Packed(SafeFileHandle file, long start, long length) : ReadOnlyStream
    {
        private long _at;

        public override int Read(Span<byte> buffer)
        {
            var read = RandomAccess.Read(file, buffer[..Clip(buffer.Length)], start + _at);
            _at += read;
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await RandomAccess.ReadAsync(file, buffer[..Clip(buffer.Length)], start + _at, cancellationToken)
                .ConfigureAwait(false);
            _at += read;
            return read;
        }

        private int Clip(int wanted) => (int)Math.Min(wanted, length - _at);
    }
}
