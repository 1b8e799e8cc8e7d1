using System.Buffers;
using System.IO.Compression;

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

    /// <summary>
    /// How deep sequences may be nested. Each level is three of JSON (attribute, Value, item); with those around them and within the innermost
    /// item the answers are never deeper than 512, which is what a reader can be asked for.
    /// </summary>
    public const int MaxDepth = (512 - 5) / 3;
    private static readonly TransferSyntax OfUnknown = new(IsExplicit: false, IsBigEndian: false, IsDeflated: false);
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
        var uid = ElementHeaders.ReadFileMeta(input);
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

    private void ReadDataSet(TransferSyntax syntax) => ReadElements(syntax, _input.Length ?? long.MaxValue, inItem: false, depth: 0);

    /// <summary>Reads elements up to <paramref name="end"/>, or to the item delimiter when <paramref name="inItem"/> says that one is due.</summary>
    private void ReadElements(TransferSyntax syntax, long end, bool inItem, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new DicomFormatException($"sequences are nested deeper than {MaxDepth} levels");
        }

        while (_input.Position < end)
        {
            if (depth == 0 && AtEndOfDataSet())
            {
                return;
            }

            var (tag, vr, length) = ReadHeader(syntax);
            var syntaxOfValue = syntax;
            if (syntax.IsExplicit && vr == Vr.UN)
            {
                (vr, syntaxOfValue) = (Known(tag, length), OfUnknown);
            }
            if (tag == Tags.ItemDelimitation && inItem)
            {
                return;
            }

            if (tag >> 16 == 0xFFFE)
            {
                throw new DicomFormatException("an item stands outside of a sequence");
            }

            ReadValue(syntaxOfValue, tag, vr, length, end, depth);
        }

        if (inItem || _input.Position > end)
        {
            throw new DicomFormatException("an item has no end");
        }
    }

    /// <summary>
    /// True at the end, and before zeros up to the end, however many, which some writers leave behind the data set:
    /// no element of a data set has the tag (0000,0000).
    /// </summary>
    private bool AtEndOfDataSet()
    {
        if (_input.AtEnd)
        {
            return true;
        }

        if (_input.Peek(8).ContainsAnyExcept((byte)0))
        {
            return false;
        }

        return _input.SkipZeros() ? true : throw new DicomFormatException("something other than elements follows the data set");
    }

    private (uint Tag, Vr Vr, uint Length) ReadHeader(TransferSyntax syntax)
    {
        if (syntax.IsExplicit)
        {
            var header = ElementHeaders.ReadExplicit(_input, syntax.IsBigEndian);
            if (header.Tag >> 16 != 0xFFFE && !header.Vr.IsKnown())
            {
                throw new DicomFormatException("an element has an unknown value representation");
            }

            return header;
        }

        var (tag, length) = ElementHeaders.ReadImplicit(_input, syntax.IsBigEndian);
        return (tag, ImpliedVr.Of(tag, _signedPixels), length);
    }

    /// <summary>
    /// What a UN element is (PS3.5 §6.2.2): what the dictionary says, encoded as implicit VR little endian in any transfer syntax.
    /// What the dictionary calls a sequence and does not begin as one stays unknown.
    /// </summary>
    private Vr Known(uint tag, uint length)
    {
        if (length == ElementHeaders.UndefinedLength)
        {
            return Vr.SQ;
        }

        var known = ImpliedVr.Of(tag, _signedPixels);
        return known == Vr.SQ && length > 0 && !_input.Peek(4).SequenceEqual((ReadOnlySpan<byte>)[0xFE, 0xFF, 0x00, 0xE0]) ? Vr.UN : known;
    }

    private void ReadValue(TransferSyntax syntax, uint tag, Vr vr, uint length, long end, int depth)
    {
        if (length == ElementHeaders.UndefinedLength)
        {
            if (tag == Tags.PixelData || vr is Vr.OB or Vr.OW)
            {
                SkipFragments(syntax);
            }
            else if (vr is Vr.SQ or Vr.UN)
            {
                ReadSequence(syntax, tag, end, delimited: true, depth);
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
                _signedPixels = ElementHeaders.UInt16(value, syntax.IsBigEndian) == 1;
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
        // An item may be an image itself, such as an icon, with a Pixel Representation of its own.
        var signedPixels = _signedPixels;
        _visitor.BeginSequence(tag);
        while (delimited || _input.Position < end)
        {
            var (itemTag, length) = ElementHeaders.ReadImplicit(_input, syntax.IsBigEndian);
            if (itemTag == Tags.SequenceDelimitation && delimited)
            {
                break;
            }

            if (itemTag != Tags.Item)
            {
                throw new DicomFormatException("a sequence holds something other than items");
            }

            var undefined = length == ElementHeaders.UndefinedLength;
            if (!undefined && length > end - _input.Position)
            {
                throw new DicomFormatException("unexpected end of the data set: an item is longer than what is left");
            }

            _visitor.BeginItem();
            ReadElements(syntax, undefined ? end : _input.Position + length, undefined, depth + 1);
            _visitor.EndItem();
            _signedPixels = signedPixels;
        }

        _visitor.EndSequence();
    }

    /// <summary>Encapsulated pixel data (PS3.5 §A.4): an offset table and fragments, none of which is of interest here.</summary>
    private void SkipFragments(TransferSyntax syntax)
    {
        while (true)
        {
            var (tag, length) = ElementHeaders.ReadImplicit(_input, syntax.IsBigEndian);
            if (tag == Tags.SequenceDelimitation)
            {
                return;
            }

            if (tag != Tags.Item || length == ElementHeaders.UndefinedLength)
            {
                throw new DicomFormatException("the encapsulated pixel data is malformed");
            }

            _input.Skip(length);
        }
    }
}
