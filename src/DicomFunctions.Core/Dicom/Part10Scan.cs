using System.Buffers.Binary;
using System.Text;

namespace DicomFunctions.Core.Dicom;

/// <summary>
/// Finds the identifiers of a file (PS3.10 §7, PS3.5 §7) that arrives in pieces, tolerating the errors of real files. It buffers nothing:
/// the caller passes the end of a piece that was not consumed, at most a few hundred bytes, again at the start of the next.
/// </summary>
/// <param name="length">The file's length; null if unknown.</param>
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
    private long _end;          // end of the current piece, counted from the start of the file or of its inflated data set
    private long _fileMetaEnd = -1;

    private enum Phase
    {
        Beginning,
        FileMeta,
        Deflated,
        DataSet,
        Elements,
    }

    /// <summary>Whether a deflated data set follows, which the caller must inflate after calling <see cref="ReadInflated"/>.</summary>
    public bool IsDeflated => _phase == Phase.Deflated;

    /// <summary>The position of the data set; null if not yet known.</summary>
    public long? DataSetStart { get; private set; }

    /// <summary>The transfer syntax; null if not yet known.</summary>
    public string? TransferSyntax => _found.TransferSyntax;

    private static ReadOnlySpan<byte> Magic => "DICM"u8;

    /// <summary>Reads a piece.</summary>
    /// <param name="bytes">The rest of the last piece and what follows it. Consumed bytes are removed from its start.</param>
    /// <param name="isEnd">Whether the file ends with it.</param>
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

    /// <summary>Prepares to read the deflated data set: all further pieces must be inflated.</summary>
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

        // A data set without a preamble may contain the four letters by chance, in a value. A preamble may look like a data set's start,
        // but then file meta information follows it.
        _found.HasPreamble = bytes.Length >= AfterMagic && bytes[PreambleLength..].StartsWith(Magic)
            && (BeginsFileMeta(bytes[AfterMagic..]) || !(BeginsFileMeta(bytes) || DataSetEncoding.Recognize(bytes) is not null));
        bytes = bytes[(_found.HasPreamble ? AfterMagic : bytes.StartsWith(Magic) ? Magic.Length : 0)..];
        _cursor = new DataSetCursor(DataSetEncoding.ExplicitLittleEndian);
        _phase = Phase.FileMeta;
        return null;
    }

    /// <summary>Reads group 0002, which is always explicit little endian.</summary>
    private Part10Result? ReadFileMeta(ref ReadOnlySpan<byte> bytes, bool isEnd)
    {
        while (!EndsDeflatedFileMeta(ref bytes))
        {
            if (!_isAtElement)
            {
                var step = _cursor.MoveNext(ref bytes);
                if (step != DataSetStep.Element && !isEnd)
                    return More(bytes);

                // The header is cut off only if the incomplete element may belong to the group.
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
    /// Whether the file meta information of a deflated data set ends here. Otherwise the tags decide where the group ends, because its
    /// announced length is often wrong; but the first deflated bytes might look like another element of the group.
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
            return Part10Result.NotDicom(_found.IsMarked ? "The file has no transfer syntax." : NoDicom);
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

    /// <summary>Asks for more, unless the file has ended or the search for the header ends here.</summary>
    private Part10Result More(ReadOnlySpan<byte> bytes)
    {
        var (here, next) = (Position(bytes), Position(bytes) + _cursor.Pending);
        if (next > length)
            return CutOff();
        return (length is null ? here : next) < Part10Header.MaxLength ? Part10Result.NeedMore
            : _found.TransferSyntax is null ? Part10Result.NotDicom("The DICOM header is too long.")
            : Finish();
    }

    /// <summary>The file ends inside an element. After the UIDs, the server may decide about that.</summary>
    private Part10Result CutOff() => _isPastUids ? Finish() : Part10Result.NotDicom("The file is cut off inside its header.");

    /// <summary>Without a preamble or file meta information, only a SOP instance UID shows that the file is DICOM.</summary>
    private Part10Result Finish() => _found is { IsMarked: false, SopInstance: null }
        ? Part10Result.NotDicom(NoDicom)
        : Part10Result.Found(_found.ToHeader());

    private long Position(ReadOnlySpan<byte> bytes) => _end - bytes.Length;

    /// <summary>The value, or an empty one if it is too long for a UID. False if it is incomplete.</summary>
    private bool TryGetShort(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> value)
    {
        value = default;
        return _cursor.ValueLength > MaxUidValue || _cursor.TryGetValue(bytes, out value);
    }

    private static bool BeginsFileMeta(ReadOnlySpan<byte> bytes) =>
        bytes is [0x02, 0x00, _, 0x00, var first, var second, ..]
            && char.IsAsciiLetterUpper((char)first) && char.IsAsciiLetterUpper((char)second);

    /// <summary>The UID without padding; null if it is invalid.</summary>
    private static string? ReadUid(ReadOnlySpan<byte> value)
    {
        var uid = value.Trim("\0 "u8);
        return DicomUid.IsValid(uid) ? Encoding.ASCII.GetString(uid) : null;
    }
}
