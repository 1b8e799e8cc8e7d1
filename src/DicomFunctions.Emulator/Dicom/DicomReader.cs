using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>
/// Walks over a DICOM file (PS3.10 §7) and its data set (PS3.5 §7) to the very end, so that a file that is cut short is found out.
/// Memory is bounded: a value is only read when the visitor wants it, and none above <see cref="MaxValueLength"/>.
/// Hostile input ends in <see cref="DicomFormatException"/>: every length is checked against what is there before anything is allocated.
/// </summary>
internal sealed class DicomReader
{
    /// <summary>No value above this many bytes is handed to a visitor.</summary>
    public const int MaxValueLength = 1 << 20;
    private const int MaxDepth = 64;
    private const uint UndefinedLength = 0xFFFFFFFF;
    private readonly DicomInput _input;
    private readonly IDicomVisitor _visitor;
    private bool _signedPixels;

    private DicomReader(DicomInput input, IDicomVisitor visitor)
    {
        _input = input;
        _visitor = visitor;
    }

    /// <summary>Reads a whole Part 10 file from a seekable stream and returns its transfer syntax UID.</summary>
    /// <exception cref="DicomFormatException">It is not a DICOM file, or it is cut short or malformed.</exception>
    public static string Read(Stream file, IDicomVisitor visitor)
    {
        using var input = new DicomInput(file);
        var prefix = input.Peek(132);
        if (prefix.Length < 132 || !prefix[128..].SequenceEqual("DICM"u8))
        {
            throw new DicomFormatException("not a DICOM file: the DICM prefix is missing");
        }

        input.Skip(132);
        var uid = ReadFileMeta(input);
        if (!TransferSyntax.TryGet(uid, out var syntax))
        {
            throw new DicomFormatException("transfer syntax not supported", unsupportedTransferSyntax: true);
        }

        if (!syntax.IsDeflated)
        {
            new DicomReader(input, visitor).ReadDataSet(syntax);
            return uid;
        }

        file.Position = input.Position;
        using var deflate = new DeflateStream(file, CompressionMode.Decompress, leaveOpen: true);
        using var inflated = new DicomInput(deflate);
        new DicomReader(inflated, visitor).ReadDataSet(syntax);
        return uid;
    }

    private static string ReadFileMeta(DicomInput input)
    {
        string? transferSyntax = null;
        Span<byte> value = stackalloc byte[64];
        while (input.Peek(2) is [0x02, 0x00])
        {
            var (tag, vr, length) = ReadExplicitHeader(input, bigEndian: false);
            if (length == UndefinedLength || !vr.IsKnown())
            {
                throw new DicomFormatException("the file meta information is malformed");
            }

            if (tag == Tags.TransferSyntaxUid && length <= 64)
            {
                input.ReadExactly(value[..(int)length]);
                transferSyntax = Encoding.ASCII.GetString(value[..(int)length]).TrimEnd('\0', ' ');
            }
            else
            {
                input.Skip(length);
            }
        }

        return string.IsNullOrEmpty(transferSyntax)
            ? throw new DicomFormatException("the file meta information names no transfer syntax")
            : transferSyntax;
    }

    private static (uint Tag, Vr Vr, uint Length) ReadExplicitHeader(DicomInput input, bool bigEndian)
    {
        Span<byte> header = stackalloc byte[8];
        input.ReadExactly(header);
        var tag = Tag(header, bigEndian);
        if (tag >> 16 == 0xFFFE)
        {
            return (tag, Vr.None, UInt32(header[4..], bigEndian));
        }

        var vr = (Vr)((header[4] << 8) | header[5]);
        if (!vr.HasLongLength())
        {
            return (tag, vr, UInt16(header[6..], bigEndian));
        }

        input.ReadExactly(header[..4]);
        return (tag, vr, UInt32(header, bigEndian));
    }

    private static uint Tag(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        ((uint)UInt16(bytes, bigEndian) << 16) | UInt16(bytes[2..], bigEndian);

    private static ushort UInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private void ReadDataSet(TransferSyntax syntax) => ReadElements(syntax, _input.Length ?? long.MaxValue, inItem: false, depth: 0);

    /// <summary>Reads elements up to <paramref name="end"/>, or to the item delimiter when <paramref name="inItem"/> says that one is due.</summary>
    private void ReadElements(TransferSyntax syntax, long end, bool inItem, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new DicomFormatException("sequences are nested too deeply");
        }

        while (_input.Position < end)
        {
            if (depth == 0 && AtEndOfDataSet())
            {
                return;
            }

            var (tag, vr, length) = ReadHeader(syntax);
            if (tag == Tags.ItemDelimitation && inItem)
            {
                return;
            }

            if (tag >> 16 == 0xFFFE)
            {
                throw new DicomFormatException("an item stands outside of a sequence");
            }

            ReadValue(syntax, tag, vr, length, end, depth);
        }

        if (inItem || _input.Position > end)
        {
            throw new DicomFormatException("an item has no end");
        }
    }

    /// <summary>True at the end, and before padding of nothing but zeros, which some writers leave behind the data set.</summary>
    private bool AtEndOfDataSet()
    {
        if (_input.AtEnd)
        {
            return true;
        }

        var next = _input.Peek(8);
        if (next.Length == 8 || next.ContainsAnyExcept((byte)0))
        {
            return false;
        }

        _input.Skip(next.Length);
        return true;
    }

    private (uint Tag, Vr Vr, uint Length) ReadHeader(TransferSyntax syntax)
    {
        if (syntax.IsExplicit)
        {
            var header = ReadExplicitHeader(_input, syntax.IsBigEndian);
            if (header.Tag >> 16 != 0xFFFE && !header.Vr.IsKnown())
            {
                throw new DicomFormatException("an element has an unknown value representation");
            }

            return header.Vr == Vr.UN && header.Length != UndefinedLength && DicomDictionary.VrOf(header.Tag) is var known and not (Vr.None or Vr.SQ)
                ? header with { Vr = Resolve(known) }
                : header;
        }

        Span<byte> bytes = stackalloc byte[8];
        _input.ReadExactly(bytes);
        var tag = Tag(bytes, syntax.IsBigEndian);
        var vr = DicomDictionary.VrOf(tag);
        return (tag, vr == Vr.None ? Vr.UN : Resolve(vr), UInt32(bytes[4..], syntax.IsBigEndian));
    }

    private Vr Resolve(Vr vr) => vr != Vr.UsOrSs ? vr : _signedPixels ? Vr.SS : Vr.US;

    private void ReadValue(TransferSyntax syntax, uint tag, Vr vr, uint length, long end, int depth)
    {
        if (length == UndefinedLength)
        {
            if (tag == Tags.PixelData || vr is Vr.OB or Vr.OW)
            {
                SkipFragments(syntax);
            }
            else if (vr is Vr.SQ or Vr.UN)
            {
                // PS3.5 §6.2.2: a UN element of undefined length is an implicit VR little endian sequence in any transfer syntax.
                var inner = vr == Vr.UN ? new TransferSyntax(false, false, false) : syntax;
                ReadSequence(inner, tag, end, delimited: true, depth);
            }
            else
            {
                throw new DicomFormatException("an element of undefined length is no sequence");
            }

            return;
        }

        if (length > end - _input.Position)
        {
            throw new DicomFormatException("unexpected end of the data set: an element is longer than what is left");
        }

        if (vr == Vr.SQ)
        {
            ReadSequence(syntax, tag, _input.Position + length, delimited: false, depth);
        }
        else
        {
            ReadPlainValue(syntax, tag, vr, length);
        }
    }

    private void ReadPlainValue(TransferSyntax syntax, uint tag, Vr vr, uint length)
    {
        var isPixelRepresentation = tag == Tags.PixelRepresentation && length == 2;
        if (length > MaxValueLength || (!isPixelRepresentation && !_visitor.Wants(tag, vr, length)))
        {
            _input.Skip(length);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var value = rented.AsSpan(0, (int)length);
            _input.ReadExactly(value);
            if (isPixelRepresentation)
            {
                _signedPixels = UInt16(value, syntax.IsBigEndian) == 1;
                if (!_visitor.Wants(tag, vr, length))
                {
                    return;
                }
            }

            _visitor.Value(tag, vr, value, syntax.IsBigEndian);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void ReadSequence(TransferSyntax syntax, uint tag, long end, bool delimited, int depth)
    {
        _visitor.BeginSequence(tag);
        while (delimited || _input.Position < end)
        {
            var (itemTag, length) = ReadItemHeader(syntax);
            if (itemTag == Tags.SequenceDelimitation && delimited)
            {
                break;
            }

            if (itemTag != Tags.Item)
            {
                throw new DicomFormatException("a sequence holds something other than items");
            }

            var undefined = length == UndefinedLength;
            if (!undefined && length > end - _input.Position)
            {
                throw new DicomFormatException("unexpected end of the data set: an item is longer than what is left");
            }

            _visitor.BeginItem();
            ReadElements(syntax, undefined ? end : _input.Position + length, undefined, depth + 1);
            _visitor.EndItem();
        }

        _visitor.EndSequence();
    }

    /// <summary>Encapsulated pixel data (PS3.5 §A.4): an offset table and fragments, none of which is of interest here.</summary>
    private void SkipFragments(TransferSyntax syntax)
    {
        while (true)
        {
            var (tag, length) = ReadItemHeader(syntax);
            if (tag == Tags.SequenceDelimitation)
            {
                return;
            }

            if (tag != Tags.Item || length == UndefinedLength)
            {
                throw new DicomFormatException("the encapsulated pixel data is malformed");
            }

            _input.Skip(length);
        }
    }

    private (uint Tag, uint Length) ReadItemHeader(TransferSyntax syntax)
    {
        Span<byte> header = stackalloc byte[8];
        _input.ReadExactly(header);
        return (Tag(header, syntax.IsBigEndian), UInt32(header[4..], syntax.IsBigEndian));
    }
}
