using System.Text;

namespace DicomFunctions.Core.Dicom;

/// <summary>Finds one UID in a DICOM JSON data set (PS3.18 §F.2).</summary>
internal static class DicomJsonUid
{
    /// <summary>The first value of the attribute at the data set's own level; null when it has none.</summary>
    public static string? Find(ReadOnlySpan<byte> dataset, ReadOnlySpan<byte> tag)
    {
        var scanner = DicomJsonRowScanner.ForOne(tag);
        if (!scanner.TryRead(dataset, out _, out var row))
            return null;
        var uid = dataset.Slice(row.Start, row.Length)[row.UidRange];
        return uid.IsEmpty ? null : Encoding.ASCII.GetString(uid);
    }
}
