using DicomFunctions.Emulator.Dicom;

namespace DicomFunctions.Emulator.Storage;

/// <summary>What a store needs to know about an instance: its identifiers, and the attributes that searches return by default.</summary>
internal sealed record InstanceHeader(InstanceKey Key, string SopClassUid, string TransferSyntaxUid, DicomAttributes Attributes)
{
    private static readonly System.Collections.Frozen.FrozenSet<uint> Indexed = SearchFields.Indexed;

    /// <summary>Reads a Part 10 file to its end.</summary>
    /// <exception cref="DicomFormatException">The file is not DICOM, malformed or cut short.</exception>
    public static InstanceHeader Read(Stream file)
    {
        var (attributes, transferSyntax) = DicomAttributes.Read(file, Indexed.Contains);
        var key = new InstanceKey(
            attributes.Text(Tags.StudyInstanceUid), attributes.Text(Tags.SeriesInstanceUid), attributes.Text(Tags.SopInstanceUid));
        return new InstanceHeader(key, attributes.Text(Tags.SopClassUid), transferSyntax, attributes);
    }

    /// <summary>Whether all three UIDs and the SOP class UID are present and valid.</summary>
    public bool IsIdentified =>
        DicomUid.IsValid(Key.StudyUid) && DicomUid.IsValid(Key.SeriesUid) && DicomUid.IsValid(Key.SopUid) && DicomUid.IsValid(SopClassUid);
}
