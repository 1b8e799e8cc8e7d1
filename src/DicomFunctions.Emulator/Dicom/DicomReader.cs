using System.Buffers;
using System.IO.Compression;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>
/// Reads a DICOM file (PS3.10 §7) and its data set (PS3.5 §7) to the very end, which detects a file that is cut short.
/// Memory is bounded: a value is read only if the visitor wants it and it is not above <see cref="MaxValueLength"/>.
/// Hostile input ends in a <see cref="DicomFormatException"/>: every length is checked against the input before anything is allocated.
/// </summary>
internal sealed class DicomReader
{
    /// <summary>The most bytes of a value that is passed to a visitor.</summary>
    public const int MaxValueLength = 1 << 20;

    /// <summary>
    /// How deep sequences may be nested. Each level takes three levels of JSON (attribute, Value, item); with those around them and inside
    /// the innermost item, answers are at most 512 levels deep, which clients can be expected to read.
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
    /// <exception cref="DicomFormatException">The file is not DICOM, malformed or cut short.</exception>
    public static string Read(Stream file, IDicomVisitor visitor)
    {
        using var input = new DicomInput(file);
        var prefix = input.Peek(132);
        if (prefix.Length < 132 || !prefix[128..].SequenceEqual("DICM"u8))
            throw new DicomFormatException("not a DICOM file: the DICM prefix is missing");

        input.Skip(132);
        var uid = ElementHeaders.ReadFileMeta(input);
        if (!TransferSyntax.TryGet(uid, out var syntax))
            throw new DicomFormatException("transfer syntax not supported", isTransferSyntaxUnsupported: true);

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

    /// <summary>Reads elements up to <paramref name="end"/>, or up to the item delimiter if <paramref name="inItem"/>.</summary>
    private void ReadElements(TransferSyntax syntax, long end, bool inItem, int depth)
    {
        if (depth > MaxDepth)
            throw new DicomFormatException($"sequences are nested deeper than {MaxDepth} levels");

        while (_input.Position < end)
        {
            if (depth == 0 && AtEndOfDataSet())
                return;

            var (tag, vr, length) = ReadHeader(syntax);
            var syntaxOfValue = syntax;
            if (syntax.IsExplicit && vr == Vr.UN)
                (vr, syntaxOfValue) = (Known(tag, length), OfUnknown);
            if (tag == Tags.ItemDelimitation && inItem)
                return;

            if (tag >> 16 == 0xFFFE)
                throw new DicomFormatException("an item is outside of a sequence");

            ReadValue(syntaxOfValue, tag, vr, length, end, depth);
        }

        if (inItem || _input.Position > end)
            throw new DicomFormatException("an item has no end");
    }

    /// <summary>
    /// Whether the data set ends here. Some writers add zeros after it, any number of them; no element of a data set has the tag
    /// (0000,0000).
    /// </summary>
    private bool AtEndOfDataSet()
    {
        if (_input.AtEnd)
            return true;

        if (_input.Peek(8).ContainsAnyExcept((byte)0))
            return false;

        return _input.SkipZeros() ? true : throw new DicomFormatException("unexpected bytes after the data set");
    }

    private (uint Tag, Vr Vr, uint Length) ReadHeader(TransferSyntax syntax)
    {
        if (syntax.IsExplicit)
        {
            var header = ElementHeaders.ReadExplicit(_input, syntax.IsBigEndian);
            if (header.Tag >> 16 != 0xFFFE && !header.Vr.IsKnown())
                throw new DicomFormatException("an element has an unknown value representation");

            return header;
        }

        var (tag, length) = ElementHeaders.ReadImplicit(_input, syntax.IsBigEndian);
        return (tag, ImpliedVr.Of(tag, _signedPixels), length);
    }

    /// <summary>
    /// Resolves a UN element (PS3.5 §6.2.2) by the dictionary; its value is implicit VR little endian in any transfer syntax.
    /// A sequence by the dictionary that does not begin as one stays unknown.
    /// </summary>
    private Vr Known(uint tag, uint length)
    {
        if (length == ElementHeaders.UndefinedLength)
            return Vr.SQ;

        var known = ImpliedVr.Of(tag, _signedPixels);
        return known == Vr.SQ && length > 0 && !_input.Peek(4).SequenceEqual((ReadOnlySpan<byte>)[0xFE, 0xFF, 0x00, 0xE0]) ? Vr.UN : known;
    }

    private void ReadValue(TransferSyntax syntax, uint tag, Vr vr, uint length, long end, int depth)
    {
        if (length == ElementHeaders.UndefinedLength)
        {
            if (tag == Tags.PixelData || vr is Vr.OB or Vr.OW)
                SkipFragments(syntax);
            else if (vr is Vr.SQ or Vr.UN)
                ReadSequence(syntax, tag, end, delimited: true, depth);
            else
                throw new DicomFormatException("an element of undefined length is not a sequence");

            return;
        }

        if (length > end - _input.Position)
            throw new DicomFormatException("unexpected end of the data set within an element");

        if (vr == Vr.SQ)
            ReadSequence(syntax, tag, _input.Position + length, delimited: false, depth);
        else
            ReadPlainValue(syntax, tag, vr, length);
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
                    return;
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
        // An item can be an image, such as an icon, with a Pixel Representation of its own.
        var signedPixels = _signedPixels;
        _visitor.BeginSequence(tag);
        while (delimited || _input.Position < end)
        {
            var (itemTag, length) = ElementHeaders.ReadImplicit(_input, syntax.IsBigEndian);
            if (itemTag == Tags.SequenceDelimitation && delimited)
                break;

            if (itemTag != Tags.Item)
                throw new DicomFormatException("a sequence contains something other than items");

            var undefined = length == ElementHeaders.UndefinedLength;
            if (!undefined && length > end - _input.Position)
                throw new DicomFormatException("unexpected end of the data set within an item");

            _visitor.BeginItem();
            ReadElements(syntax, undefined ? end : _input.Position + length, undefined, depth + 1);
            _visitor.EndItem();
            _signedPixels = signedPixels;
        }

        _visitor.EndSequence();
    }

    /// <summary>Skips encapsulated pixel data (PS3.5 §A.4): an offset table and fragments.</summary>
    private void SkipFragments(TransferSyntax syntax)
    {
        while (true)
        {
            var (tag, length) = ElementHeaders.ReadImplicit(_input, syntax.IsBigEndian);
            if (tag == Tags.SequenceDelimitation)
                return;

            if (tag != Tags.Item || length == ElementHeaders.UndefinedLength)
                throw new DicomFormatException("the encapsulated pixel data is malformed");

            _input.Skip(length);
        }
    }
}
