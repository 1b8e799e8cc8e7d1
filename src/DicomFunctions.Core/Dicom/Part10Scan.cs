using System.Buffers.Binary;
using System.Text;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// Finds the identifying elements of a file (PS3.10 §7, PS3.5 §7) that comes in pieces, and tolerates what real files do. It holds
/// nothing of the file: what it has not taken of a piece, a few hundred bytes at most, is to begin the next.
/// </summary>
/// <param name="length">The file's length; null when it is not known.</param>
internal sealed class Part10Scan(long? length)
{
    private const int PreambleLength = 128;
    private const int ElementHeaderLength = 8;
    private const int MaxUidValue = 256;
    private const uint FileMetaGroupLength = 0x0002_0000;
    private const uint MediaStorageSopClassUid = 0x0002_0002;
    private const uint MediaStorageSopInstanceUid = 0x0002_0003;
    private const uint TransferSyntaxUid = 0x0002_0010;
    private const uint SopClassUid = 0x0008_0016;
    private const uint SopInstanceUid = 0x0008_0018;
    private const uint StudyInstanceUid = 0x0020_000D;
    private const uint SeriesInstanceUid = 0x0020_000E;
    private const uint PixelDataGroup = 0x7FE0_0000;

    private const string NoDicom =
        "This is not a DICOM file: there is no 'DICM' at byte 128, and the file does not begin with a DICOM data set.";

    private Phase _phase;
    private Part10Identifiers _found;
    private DataSetCursor _cursor;
    private bool _isAtElement;
    private bool _isPastUids;
    private bool _isInflated;
    private long _end;          // where the current piece ends, from the start of the file, or of its inflated data set
    private long _fileMetaEnd = -1;

    private enum Phase
    {
        Beginning,
        FileMeta,
        Deflated,
        DataSet,
        Elements,
    }

    /// <summary>The file goes on with a deflated data set, which is to be inflated for <see cref="ReadInflated"/>.</summary>
    public bool IsDeflated => _phase == Phase.Deflated;

    /// <summary>Where the data set begins; null as long as that is not known.</summary>
    public long? DataSetStart { get; private set; }

    /// <summary>The transfer syntax, as far as it is known.</summary>
    public string? TransferSyntax => _found.TransferSyntax;

    private static ReadOnlySpan<byte> Magic => "DICM"u8;

    /// <summary>Takes a piece.</summary>
    /// <param name="bytes">What was not taken of the last piece, and what follows. What is taken is cut off its beginning.</param>
    /// <param name="isEnd">The file ends with it.</param>
    public Part10Result Read(ref ReadOnlySpan<byte> bytes, bool isEnd)
    {
        _end += bytes.Length;
        var result = (_phase == Phase.Beginning ? ReadBeginning(ref bytes, isEnd) : null)
            ?? (_phase == Phase.FileMeta ? ReadFileMeta(ref bytes, isEnd) : null)
            ?? (_phase == Phase.DataSet ? ReadDataSetStart(bytes, isEnd) : null)
            ?? (_phase == Phase.Elements ? ReadElements(ref bytes, isEnd) : Part10Result.NeedMore);
        _end -= bytes.Length;
        return result;
    }

    /// <summary>Begins with the data set that was found to be deflated: the pieces that follow are inflated ones.</summary>
    public void ReadInflated()
    {
        _phase = Phase.DataSet;
        _isInflated = true;
        (_end, length) = (0, null);
    }

    private Part10Result? ReadBeginning(ref ReadOnlySpan<byte> bytes, bool isEnd)
    {
        if (bytes.IsEmpty && isEnd)
            return Part10Result.NotDicom("The file is empty.");
        const int AfterMagic = PreambleLength + 4;
        if (bytes.Length < AfterMagic + ElementHeaderLength && !isEnd)
            return Part10Result.NeedMore;

        // A data set without a preamble may have the four letters there by chance, in a value. A preamble may begin like a data set,
        // but then a file meta follows it.
        _found.HasPreamble = bytes.Length >= AfterMagic && bytes[PreambleLength..].StartsWith(Magic)
            && (BeginsFileMeta(bytes[AfterMagic..]) || !(BeginsFileMeta(bytes) || DataSetEncoding.Recognize(bytes) is not null));
        bytes = bytes[(_found.HasPreamble ? AfterMagic : bytes.StartsWith(Magic) ? Magic.Length : 0)..];
        _cursor = new DataSetCursor(DataSetEncoding.ExplicitLittleEndian);
        _phase = Phase.FileMeta;
        return null;
    }

    /// <summary>Reads group 0002, which is explicit little endian always.</summary>
    private Part10Result? ReadFileMeta(ref ReadOnlySpan<byte> bytes, bool isEnd)
    {
        while (!EndsDeflatedFileMeta(ref bytes))
        {
            if (!_isAtElement)
            {
                var step = _cursor.MoveNext(ref bytes);
                if (step != DataSetStep.Element && !isEnd)
                    return More(bytes);

                // A cut is a cut only if what is cut off could be of the group.
                if (step == DataSetStep.Cut && (bytes.Length < 2 || (bytes[0] == 0x02 && bytes[1] == 0x00)))
                    return CutOff();
                if (step != DataSetStep.Element || _cursor.Tag >> 16 != 0x0002)
                    break;
                _found.HasFileMeta = true;
                _isAtElement = true;
            }

            if (_cursor.Tag is FileMetaGroupLength or MediaStorageSopClassUid or MediaStorageSopInstanceUid or TransferSyntaxUid)
            {
                if (!TryGetShort(bytes, out var value))
                    return isEnd ? CutOff() : More(bytes);
                KeepMeta(value, Position(bytes));
            }

            _isAtElement = false;
        }

        DataSetStart = Position(bytes);
        _phase = _found.TransferSyntax is { } syntax && Dicom.TransferSyntax.IsDeflated(syntax) ? Phase.Deflated : Phase.DataSet;
        return null;
    }

    /// <summary>
    /// The announced length is often wrong, so the tags decide where the group ends: but for a deflated data set, whose first bytes might
    /// look like another element of the group.
    /// </summary>
    private bool EndsDeflatedFileMeta(ref ReadOnlySpan<byte> bytes) =>
        !_isAtElement && _cursor.TryPass(ref bytes) && Position(bytes) == _fileMetaEnd
        && _found.TransferSyntax is { } syntax && Dicom.TransferSyntax.IsDeflated(syntax);

    private void KeepMeta(ReadOnlySpan<byte> value, long position)
    {
        switch (_cursor.Tag)
        {
            case FileMetaGroupLength when value.Length == 4:
                _fileMetaEnd = position + _cursor.Pending + BinaryPrimitives.ReadUInt32LittleEndian(value);
                break;
            case MediaStorageSopClassUid:
                _found.MediaSopClass = ReadUid(value);
                break;
            case MediaStorageSopInstanceUid:
                _found.MediaSopInstance = ReadUid(value);
                break;
            case TransferSyntaxUid:
                _found.TransferSyntax = ReadUid(value);
                break;
        }
    }

    private Part10Result? ReadDataSetStart(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        if (bytes.Length < ElementHeaderLength)
        {
            return !isEnd ? Part10Result.NeedMore
                : bytes.IsEmpty && _isInflated ? Part10Result.NotDicom("The deflated data set cannot be inflated.")
                : _found.IsMarked ? CutOff()
                : Part10Result.NotDicom(NoDicom);
        }

        var recognized = DataSetEncoding.Recognize(bytes);
        if (recognized is null && _found.TransferSyntax is null)
            return Part10Result.NotDicom(_found.IsMarked ? "The file does not say its transfer syntax." : NoDicom);
        var encoding = recognized ?? DataSetEncoding.Of(_found.TransferSyntax!);
        _found.TransferSyntax ??= encoding.TransferSyntaxUid;
        _cursor = new DataSetCursor(encoding);
        _isAtElement = false;
        _phase = Phase.Elements;
        return null;
    }

    private Part10Result ReadElements(ref ReadOnlySpan<byte> bytes, bool isEnd)
    {
        while (true)
        {
            if (!_isAtElement)
            {
                var step = _cursor.MoveNext(ref bytes);
                if (step != DataSetStep.Element)
                    return !isEnd ? More(bytes) : step == DataSetStep.End ? Finish() : CutOff();
                if (_cursor.Tag >= PixelDataGroup || Position(bytes) >= Part10Header.MaxLength)
                    return Finish();
                _isPastUids |= _cursor.Tag > SeriesInstanceUid;
                _isAtElement = true;
            }

            if (_cursor.Tag is SopClassUid or SopInstanceUid or StudyInstanceUid or SeriesInstanceUid)
            {
                if (!TryGetShort(bytes, out var value))
                    return isEnd ? CutOff() : More(bytes);
                Keep(ReadUid(value));
                if (_found.IsComplete)
                    return Finish();
            }

            _isAtElement = false;
        }
    }

    private void Keep(string? uid)
    {
        switch (_cursor.Tag)
        {
            case SopClassUid:
                _found.SopClass ??= uid;
                break;
            case SopInstanceUid:
                _found.SopInstance ??= uid;
                break;
            case StudyInstanceUid:
                _found.Study ??= uid;
                break;
            default:
                _found.Series ??= uid;
                break;
        }
    }

    /// <summary>More is needed: unless the file has no more, or this is as far as a header is looked for.</summary>
    private Part10Result More(ReadOnlySpan<byte> bytes)
    {
        var (here, next) = (Position(bytes), Position(bytes) + _cursor.Pending);
        if (next > length)
            return CutOff();
        return (length is null ? here : next) < Part10Header.MaxLength ? Part10Result.NeedMore
            : _found.TransferSyntax is null ? Part10Result.NotDicom("The DICOM header is too long to be one.")
            : Finish();
    }

    /// <summary>The file ends inside an element: behind all that identifies it, that is for the server to judge.</summary>
    private Part10Result CutOff() => _isPastUids ? Finish() : Part10Result.NotDicom("The file is cut off inside its header.");

    /// <summary>A data set that nothing marks as DICOM must at least be an instance: two bytes of group 0008 alone prove little.</summary>
    private Part10Result Finish() => _found is { IsMarked: false, SopInstance: null }
        ? Part10Result.NotDicom(NoDicom)
        : Part10Result.Found(_found.ToHeader());

    private long Position(ReadOnlySpan<byte> bytes) => _end - bytes.Length;

    /// <summary>The value, or none where it is too long for what is looked for; false when it is cut off.</summary>
    private bool TryGetShort(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value)
    {
        value = default;
        return _cursor.ValueLength > MaxUidValue || _cursor.TryGetValue(bytes, out value);
    }

    private static bool BeginsFileMeta(ReadOnlySpan<byte> bytes) =>
        bytes is [0x02, 0x00, _, 0x00, var first, var second, ..] && char.IsAsciiLetterUpper((char)first) && char.IsAsciiLetterUpper((char)second);

    /// <summary>The UID without its padding; null when it is none.</summary>
    private static string? ReadUid(ReadOnlySpan<byte> value)
    {
        var uid = value.Trim("\0 "u8);
        return DicomUid.IsValid(uid) ? Encoding.ASCII.GetString(uid) : null;
    }
}
