using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DicomFunctions.Core.Dicom;

/// <summary>Finds the identifying elements at the beginning of a file (PS3.10 §7, PS3.5 §7), and tolerates what real files do.</summary>
internal static class Part10Reader
{
    private const int PreambleLength = 128;
    private const uint MediaStorageSopClassUid = 0x0002_0002;
    private const uint MediaStorageSopInstanceUid = 0x0002_0003;
    private const uint FileMetaGroupLength = 0x0002_0000;
    private const uint TransferSyntaxUid = 0x0002_0010;
    private const uint SopClassUid = 0x0008_0016;
    private const uint SopInstanceUid = 0x0008_0018;
    private const uint StudyInstanceUid = 0x0020_000D;
    private const uint SeriesInstanceUid = 0x0020_000E;

    private const string NoDicom =
        "This is not a DICOM file: there is no 'DICM' at byte 128, and the file does not begin with a DICOM data set.";

    private static ReadOnlySpan<byte> Magic => "DICM"u8;

    public static Part10Result Read(ReadOnlySpan<byte> prefix, bool isWhole)
    {
        var isCapped = prefix.Length >= Part10Header.MaxPrefixLength;
        var extent = isCapped ? Extent.Capped : isWhole ? Extent.Whole : Extent.Partial;
        var file = isCapped ? prefix[..Part10Header.MaxPrefixLength] : prefix;
        if (file.IsEmpty && isWhole)
            return Part10Result.NotDicom("The file is empty.");

        // Only then is it certain whether there is a preamble.
        if (file.Length < PreambleLength + Magic.Length && !isWhole)
            return Part10Result.NeedMore;
        var hasPreamble = file.Length >= PreambleLength + Magic.Length && file.Slice(PreambleLength, Magic.Length).SequenceEqual(Magic);
        var found = new Identifiers { HasPreamble = hasPreamble };
        var start = hasPreamble ? PreambleLength + Magic.Length : file.StartsWith(Magic) ? Magic.Length : 0;
        return ReadFileMeta(file, ref start, ref found) ? ReadDataSet(file[start..], extent, ref found) : Cut(extent, found);
    }

    /// <summary>Reads group 0002, which is explicit little endian always, and moves <paramref name="start"/> behind it. False: it is cut off.</summary>
    private static bool ReadFileMeta(ReadOnlySpan<byte> file, ref int start, ref Identifiers found)
    {
        var meta = file[start..];
        var cursor = new DataSetCursor(meta, DataSetEncoding.ExplicitLittleEndian);
        long announcedEnd = -1;
        DataSetStep step;
        while ((step = cursor.MoveNext()) == DataSetStep.Element && cursor.Tag >> 16 == 0x0002)
        {
            found.HasFileMeta = true;
            if (!cursor.TryGetValue(out var value))
                return false;
            switch (cursor.Tag)
            {
                case FileMetaGroupLength when value.Length == 4:
                    announcedEnd = cursor.End + BinaryPrimitives.ReadUInt32LittleEndian(value);
                    break;
                case MediaStorageSopClassUid:
                    found.MediaSopClass = ReadUid(value);
                    break;
                case MediaStorageSopInstanceUid:
                    found.MediaSopInstance = ReadUid(value);
                    break;
                case TransferSyntaxUid:
                    found.TransferSyntax = ReadUid(value);
                    break;
            }

            // The announced length is often wrong, so the tags decide where the group ends: but for a deflated data set, whose first
            // bytes might look like another element of the group.
            if (cursor.End == announcedEnd && found.TransferSyntax is { } syntax && Dicom.TransferSyntax.IsDeflated(syntax))
            {
                start += (int)cursor.End;
                return true;
            }
        }

        // A cut is a cut only if what is cut off could be of the group.
        if (step == DataSetStep.Cut && meta[cursor.Start..] is var rest && (rest.Length < 2 || (rest[0] == 0x02 && rest[1] == 0x00)))
            return false;
        start += cursor.Start;
        return true;
    }

    private static Part10Result ReadDataSet(ReadOnlySpan<byte> dataSet, Extent extent, ref Identifiers found)
    {
        if (found.TransferSyntax is not { } syntax || !TransferSyntax.IsDeflated(syntax))
            return ReadElements(dataSet, extent, ref found);
        var buffer = ArrayPool<byte>.Shared.Rent(Part10Header.MaxPrefixLength);
        try
        {
            var length = DeflatedPrefix.Inflate(dataSet, buffer);
            if (extent == Extent.Whole && length == 0)
                return Part10Result.NotDicom("The deflated data set can not be inflated.");
            return ReadElements(buffer.AsSpan(0, length), length == buffer.Length ? Extent.Capped : extent, ref found);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Part10Result ReadElements(ReadOnlySpan<byte> dataSet, Extent extent, ref Identifiers found)
    {
        if (dataSet.Length < 8)
            return extent is Extent.Whole && !found.IsMarked ? Part10Result.NotDicom(NoDicom) : Cut(extent, found);
        var recognized = DataSetEncoding.Recognize(dataSet);
        if (recognized is null && found.TransferSyntax is null)
            return Part10Result.NotDicom(found.IsMarked ? "The file does not say its transfer syntax." : NoDicom);
        var encoding = recognized ?? DataSetEncoding.Of(found.TransferSyntax!);
        found.TransferSyntax ??= encoding.TransferSyntaxUid;

        var cursor = new DataSetCursor(dataSet, encoding);
        while (true)
        {
            switch (cursor.MoveNext())
            {
                case DataSetStep.Cut:
                    return Cut(extent, found);
                case DataSetStep.End:
                    return extent == Extent.Whole ? Finish(found) : Cut(extent, found);
            }

            if (cursor.Tag > SeriesInstanceUid)
                return Finish(found);
            if (cursor.Tag is not (SopClassUid or SopInstanceUid or StudyInstanceUid or SeriesInstanceUid))
                continue;
            if (!cursor.TryGetValue(out var value))
                return Cut(extent, found);
            switch (cursor.Tag)
            {
                case SopClassUid:
                    found.SopClass = ReadUid(value);
                    break;
                case SopInstanceUid:
                    found.SopInstance = ReadUid(value);
                    break;
                case StudyInstanceUid:
                    found.Study = ReadUid(value);
                    break;
                default:
                    found.Series = ReadUid(value);
                    return Finish(found);
            }
        }
    }

    /// <summary>The bytes ended before the header did.</summary>
    private static Part10Result Cut(Extent extent, in Identifiers found) => extent switch
    {
        Extent.Partial => Part10Result.NeedMore,
        Extent.Capped when found.TransferSyntax is not null => Finish(found),
        Extent.Capped => Part10Result.NotDicom("The DICOM header is too long to be one."),
        _ => Part10Result.NotDicom("The file is cut off inside its header."),
    };

    private static Part10Result Finish(in Identifiers found)
    {
        var sopInstance = found.SopInstance ?? found.MediaSopInstance;

        // A data set that nothing marks as DICOM must at least be an instance: two bytes of group 0008 alone prove little.
        if (!found.IsMarked && sopInstance is null)
            return Part10Result.NotDicom(NoDicom);
        return Part10Result.Found(new Part10Header
        {
            TransferSyntaxUid = found.TransferSyntax!,
            SopClassUid = found.SopClass ?? found.MediaSopClass,
            SopInstanceUid = sopInstance,
            StudyInstanceUid = found.Study,
            SeriesInstanceUid = found.Series,
            HasPreamble = found.HasPreamble,
        });
    }

    /// <summary>The UID without its padding; null when it is none.</summary>
    private static string? ReadUid(ReadOnlySpan<byte> value)
    {
        var uid = value.Trim("\0 "u8);
        return DicomUid.IsValid(uid) ? Encoding.ASCII.GetString(uid) : null;
    }

    /// <summary>How much of the file, or of its inflated data set, the bytes are.</summary>
    private enum Extent
    {
        /// <summary>More can be had.</summary>
        Partial,

        /// <summary>All there is.</summary>
        Whole,

        /// <summary>All that is ever looked at.</summary>
        Capped,
    }

    private struct Identifiers
    {
        public bool HasPreamble;
        public bool HasFileMeta;
        public string? TransferSyntax;
        public string? MediaSopClass;
        public string? MediaSopInstance;
        public string? SopClass;
        public string? SopInstance;
        public string? Study;
        public string? Series;

        /// <summary>Something but the data set itself says that this is DICOM.</summary>
        public readonly bool IsMarked => HasPreamble || HasFileMeta;
    }
}
