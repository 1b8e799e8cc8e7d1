using System.Text;

namespace DicomFunctions.Core.Dicom;

/// <summary>The UIDs of a DICOM JSON data set, without padding and escapes; null if missing.</summary>
internal readonly record struct DicomJsonUids(string? Study, string? Series, string? SopInstance)
{
    /// <summary>Whether none of the three is missing.</summary>
    public bool AreComplete => Study is not null && Series is not null && SopInstance is not null;

    /// <summary>Reads the UIDs of the data set itself, not those in its sequences.</summary>
    public static DicomJsonUids Read(ReadOnlySpan<byte> dataset)
    {
        var scanner = DicomJsonRowScanner.ForOne(DicomJsonLevel.Instance);
        return scanner.TryRead(dataset, out _, out var row) ? Read(dataset.Slice(row.Start, row.Length), row.Uids) : default;
    }

    /// <summary>Reads the UIDs at the given positions.</summary>
    public static DicomJsonUids Read(ReadOnlySpan<byte> row, in DicomJsonUidRanges uids) =>
        new(Text(row[uids.Study]), Text(row[uids.Series]), Text(row[uids.SopInstance]));

    private static string? Text(ReadOnlySpan<byte> written)
    {
        var uid = DicomJsonUid.Meaning(written, written.Length <= 256 ? stackalloc byte[256] : new byte[written.Length]);
        return uid.IsEmpty ? null : Encoding.UTF8.GetString(uid);
    }
}
