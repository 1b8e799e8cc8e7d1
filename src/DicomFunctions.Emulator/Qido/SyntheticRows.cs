using System.Globalization;
using System.Text;
using DicomFunctions.Emulator.Dicom;
using DicomFunctions.Emulator.Faults;

namespace DicomFunctions.Emulator.Qido;

/// <summary>
/// Generates search rows of a given size. The rows of an answer share a buffer: each is valid until the next one is requested.
/// </summary>
internal static class SyntheticRows
{
    private const int DigitsOfNumber = 10;

    public static IEnumerable<ReadOnlyMemory<byte>> Of(SyntheticAnswers answers, QidoQuery query, int? pageCap)
    {
        var ownUid = query.Level switch
        {
            AttributeLevel.Study => query.StudyUid,
            AttributeLevel.Series => query.SeriesUid,
            _ => query.SopUid,
        };
        if (ownUid is not null)
            return query.Offset > 0 || answers.Rows == 0 ? [] : [Row(answers, query, ownUid)];

        var end = Math.Min(answers.Rows, query.Offset + (long)Math.Min(query.Limit, pageCap ?? int.MaxValue));
        return Numbered(answers, query, query.Offset, end);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Numbered(SyntheticAnswers answers, QidoQuery query, int from, long end)
    {
        if (from >= end)
            yield break;

        // Rows differ only in the number within the UID.
        const string Uid = "2.25.1";
        var row = Row(answers, query, Uid + new string('0', DigitsOfNumber));
        var at = row.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Uid + new string('0', DigitsOfNumber))) + Uid.Length;
        for (var number = from; number < end; number++)
        {
            number.TryFormat(row.AsSpan(at, DigitsOfNumber), out _, "D10", CultureInfo.InvariantCulture);
            yield return row;
        }
    }

    private static byte[] Row(SyntheticAnswers answers, QidoQuery query, string ownUid)
    {
        var (study, series) = (query.StudyUid ?? "2.25.1", query.SeriesUid ?? "2.25.2");
        var uids = query.Level switch
        {
            AttributeLevel.Study => Attribute(Tags.StudyInstanceUid, ownUid),
            AttributeLevel.Series => $"{Attribute(Tags.StudyInstanceUid, study)},{Attribute(Tags.SeriesInstanceUid, ownUid)}",
            _ => string.Join(
                ',',
                Attribute(Tags.SopInstanceUid, ownUid),
                Attribute(Tags.StudyInstanceUid, study),
                Attribute(Tags.SeriesInstanceUid, series)),
        };

        // A long text attribute at the end fills the row up to its size.
        var head = "{\"00080005\":{\"vr\":\"CS\",\"Value\":[\"ISO_IR 192\"]}," + uids + ",\"00204000\":{\"vr\":\"LT\",\"Value\":[\"";
        const string Tail = "\"]}}";
        return Encoding.ASCII.GetBytes(head + new string('x', Math.Max(0, answers.RowBytes - head.Length - Tail.Length)) + Tail);
    }

    private static string Attribute(uint tag, string uid) => $"\"{Tags.Hex(tag)}\":{{\"vr\":\"UI\",\"Value\":[\"{uid}\"]}}";
}
