using System.Buffers.Binary;
using System.Text;
using DicomFunctions.Core.Failures;
using Microsoft.Win32.SafeHandles;

namespace DicomFunctions.Core.Sources.Zip;

/// <summary>
/// The directory of a zip file (APPNOTE.TXT 6.3, with zip64). It is read once and held in memory, and so its size is limited; the files
/// themselves are not held.
/// </summary>
internal sealed class ZipDirectory
{
    /// <summary>The most bytes of a directory: some 150,000 files.</summary>
    public const int MaxBytes = 16 << 20;

    private const uint EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50;
    private const uint Locator64Signature = 0x07064b50;
    private const uint EntrySignature = 0x02014b50;
    private const int EndLength = 22;
    private const int End64Length = 56;
    private const int Locator64Length = 20;
    private const int EntryLength = 46;
    private const int MaxComment = ushort.MaxValue;
    private const ushort Zip64Extra = 1;
    private const ushort Utf8Flag = 1 << 11;
    private const ushort EncryptedFlag = 1;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<ZipEntry> _entries = [];
    private readonly Dictionary<string, ZipEntry?> _byName = new(StringComparer.Ordinal);

    private ZipDirectory() { }

    /// <summary>The files, in the order of the directory, without folders.</summary>
    public IReadOnlyList<ZipEntry> Entries => _entries;

    /// <summary>Reads the directory, or returns why it cannot be read.</summary>
    public static (ZipDirectory? Directory, SourceProblem? Problem) Read(SafeFileHandle file, long length)
    {
        try
        {
            var (start, size) = Find(file, length);
            if (size > MaxBytes)
                return (null, new(FailureCode.TooMany, "The zip file has too many files: unpack it first."));
            var bytes = new byte[size];
            Fill(file, bytes, start);
            var directory = new ZipDirectory();
            return directory.Parse(bytes, length) is { } problem ? (null, problem) : (directory, null);
        }
        catch (InvalidDataException)
        {
            return (null, Damaged("The zip file is damaged, cut off, split, or no zip file at all."));
        }
    }

    /// <summary>The file of a name; null if there is none.</summary>
    /// <param name="name">The name.</param>
    /// <param name="isAmbiguous">Whether several files have it.</param>
    public ZipEntry? Find(string name, out bool isAmbiguous)
    {
        isAmbiguous = _byName.TryGetValue(name, out var entry) && entry is null;
        return entry;
    }

    /// <summary>Reads exactly as many bytes as there is room for.</summary>
    /// <exception cref="InvalidDataException">The file ends before.</exception>
    public static void Fill(SafeFileHandle file, Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            var read = offset < 0 ? 0 : RandomAccess.Read(file, target, offset);
            if (read == 0)
                throw new InvalidDataException();
            target = target[read..];
            offset += read;
        }
    }

    private static SourceProblem Damaged(string message) => new(FailureCode.Unreadable, message);

    /// <summary>Finds the directory by the record at the end of the file.</summary>
    private static (long Start, long Size) Find(SafeFileHandle file, long length)
    {
        var tail = new byte[(int)Math.Min(length, EndLength + MaxComment)];
        Fill(file, tail, length - tail.Length);
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature || end.Length < EndLength + UInt16(end, 20))
                continue;
            var position = length - tail.Length + at;
            var (start, size) = ((long)UInt32(end, 16), (long)UInt32(end, 12));
            if (start == uint.MaxValue || size == uint.MaxValue || UInt16(end, 10) == ushort.MaxValue)
                (start, size, position) = Find64(file, position) ?? (start, size, position);
            else if (UInt16(end, 4) != 0 || UInt16(end, 6) != 0)
                throw new InvalidDataException();
            return start >= 0 && size >= 0 && start <= position - size ? (start, size) : throw new InvalidDataException();
        }

        throw new InvalidDataException();
    }

    private static (long Start, long Size, long Position)? Find64(SafeFileHandle file, long end)
    {
        Span<byte> locator = stackalloc byte[Locator64Length];
        Fill(file, locator, end - Locator64Length);
        if (UInt32(locator, 0) != Locator64Signature)
            return null;
        var position = Int64(locator, 8);
        if (position > end - Locator64Length - End64Length)
            throw new InvalidDataException();
        Span<byte> record = stackalloc byte[End64Length];
        Fill(file, record, position);
        return UInt32(record, 0) == End64Signature ? (Int64(record, 48), Int64(record, 40), position) : throw new InvalidDataException();
    }

    private SourceProblem? Parse(ReadOnlySpan<byte> bytes, long length)
    {
        var packed = 0L;
        while (bytes.Length >= EntryLength && UInt32(bytes, 0) == EntrySignature)
        {
            var (nameLength, extraLength) = (UInt16(bytes, 28), UInt16(bytes, 30));
            var whole = EntryLength + nameLength + extraLength + UInt16(bytes, 32);
            if (whole > bytes.Length)
                throw new InvalidDataException();
            var entry = ReadEntry(bytes, bytes.Slice(EntryLength, nameLength), bytes.Slice(EntryLength + nameLength, extraLength));
            bytes = bytes[whole..];
            if (entry.Name.EndsWith('/') || entry.Name.EndsWith('\\'))
                continue;
            if (entry.CompressedLength < 0 || entry.Length < 0 || entry.Header < 0 || entry.CompressedLength > length)
                throw new InvalidDataException();
            // Files that share their bytes are how a small zip file unpacks to a huge one.
            packed += entry.CompressedLength;
            if (packed > length)
                return Damaged("Files in the zip file overlap: it is damaged, or made to do harm.");
            _entries.Add(entry);
            if (!_byName.TryAdd(entry.Name, entry))
                _byName[entry.Name] = null;
        }

        return bytes.IsEmpty ? null : throw new InvalidDataException();
    }

    private static ZipEntry ReadEntry(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> name, ReadOnlySpan<byte> extra)
    {
        var flags = UInt16(entry, 8);
        long length = UInt32(entry, 24), compressed = UInt32(entry, 20), header = UInt32(entry, 42);
        if (length == uint.MaxValue || compressed == uint.MaxValue || header == uint.MaxValue)
            ReadExtra(extra, ref length, ref compressed, ref header);
        return new ZipEntry(
            NameOf(name, isUtf8: (flags & Utf8Flag) != 0),
            header,
            compressed,
            length,
            UInt32(entry, 16),
            UInt16(entry, 10),
            (flags & EncryptedFlag) != 0);
    }

    /// <summary>Takes from the zip64 field, in its order, the numbers that do not fit into the entry itself.</summary>
    private static void ReadExtra(ReadOnlySpan<byte> extra, ref long length, ref long compressed, ref long header)
    {
        while (extra.Length >= 4)
        {
            var size = UInt16(extra, 2);
            if (size > extra.Length - 4)
                return;
            if (UInt16(extra, 0) == Zip64Extra)
            {
                var field = extra.Slice(4, size);
                Take(ref field, ref length);
                Take(ref field, ref compressed);
                Take(ref field, ref header);
                return;
            }

            extra = extra[(4 + size)..];
        }
    }

    private static void Take(ref ReadOnlySpan<byte> field, ref long number)
    {
        if (number != uint.MaxValue || field.Length < 8)
            return;
        number = Int64(field, 0);
        field = field[8..];
    }

    /// <summary>Most programs write UTF-8, whether or not they say so.</summary>
    private static string NameOf(ReadOnlySpan<byte> name, bool isUtf8)
    {
        try
        {
            return (isUtf8 ? Encoding.UTF8 : StrictUtf8).GetString(name);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(name);
        }
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
