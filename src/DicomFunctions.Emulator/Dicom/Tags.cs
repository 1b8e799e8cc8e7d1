using System.Globalization;

namespace DicomFunctions.Emulator.Dicom;

/// <summary>Tags of the attributes that the emulator reads or writes, with group and element in one number.</summary>
internal static class Tags
{
    public const uint FileMetaGroupLength = 0x00020000;
    public const uint MediaStorageSopClassUid = 0x00020002;
    public const uint TransferSyntaxUid = 0x00020010;
    public const uint SpecificCharacterSet = 0x00080005;
    public const uint SopClassUid = 0x00080016;
    public const uint SopInstanceUid = 0x00080018;
    public const uint StudyDate = 0x00080020;
    public const uint StudyTime = 0x00080030;
    public const uint AccessionNumber = 0x00080050;
    public const uint InstanceAvailability = 0x00080056;
    public const uint Modality = 0x00080060;
    public const uint ModalitiesInStudy = 0x00080061;
    public const uint SopClassesInStudy = 0x00080062;
    public const uint ReferringPhysicianName = 0x00080090;
    public const uint TimezoneOffsetFromUtc = 0x00080201;
    public const uint SeriesDescription = 0x0008103E;
    public const uint ReferencedSopClassUid = 0x00081150;
    public const uint ReferencedSopInstanceUid = 0x00081155;
    public const uint RetrieveUrl = 0x00081190;
    public const uint FailureReason = 0x00081197;
    public const uint FailedSopSequence = 0x00081198;
    public const uint ReferencedSopSequence = 0x00081199;

    /// <summary>Google's private FailureDetail in a failed item of a STOW answer.</summary>
    public const uint FailureDetail = 0x00091097;
    public const uint PatientName = 0x00100010;
    public const uint PatientId = 0x00100020;
    public const uint PatientBirthDate = 0x00100030;
    public const uint PatientSex = 0x00100040;
    public const uint StudyInstanceUid = 0x0020000D;
    public const uint SeriesInstanceUid = 0x0020000E;
    public const uint StudyId = 0x00200010;
    public const uint InstanceNumber = 0x00200013;
    public const uint NumberOfStudyRelatedSeries = 0x00201206;
    public const uint NumberOfStudyRelatedInstances = 0x00201208;
    public const uint NumberOfSeriesRelatedInstances = 0x00201209;
    public const uint NumberOfFrames = 0x00280008;
    public const uint Rows = 0x00280010;
    public const uint Columns = 0x00280011;
    public const uint BitsAllocated = 0x00280100;
    public const uint PixelRepresentation = 0x00280103;
    public const uint PerformedProcedureStepStartDate = 0x00400244;
    public const uint PerformedProcedureStepStartTime = 0x00400245;
    public const uint RequestAttributesSequence = 0x00400275;
    public const uint PixelData = 0x7FE00010;
    public const uint Item = 0xFFFEE000;
    public const uint ItemDelimitation = 0xFFFEE00D;
    public const uint SequenceDelimitation = 0xFFFEE0DD;

    /// <summary>The tag as eight upper-case hex digits (PS3.18 §F.2.2).</summary>
    public static string Hex(uint tag) => tag.ToString("X8", CultureInfo.InvariantCulture);

    /// <summary>Whether the attribute is private: its group number is odd (PS3.5 §7.8).</summary>
    public static bool IsPrivate(uint tag) => ((tag >> 16) & 1) == 1;
}
