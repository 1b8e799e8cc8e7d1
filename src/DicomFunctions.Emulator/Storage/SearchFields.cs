using System.Collections.Frozen;
using DicomFunctions.Emulator.Dicom;

namespace DicomFunctions.Emulator.Storage;

/// <summary>The attributes that searches return by default at each level, parents' UIDs included.</summary>
internal static class SearchFields
{
    public static readonly IReadOnlyList<uint> Study =
    [
        Tags.SpecificCharacterSet, Tags.StudyDate, Tags.StudyTime, Tags.AccessionNumber, Tags.InstanceAvailability,
        Tags.ReferringPhysicianName, Tags.TimezoneOffsetFromUtc, Tags.PatientName, Tags.PatientId, Tags.PatientBirthDate, Tags.PatientSex,
        Tags.StudyInstanceUid, Tags.StudyId,
    ];

    public static readonly IReadOnlyList<uint> Series =
    [
        Tags.SpecificCharacterSet, Tags.Modality, Tags.TimezoneOffsetFromUtc, Tags.SeriesDescription, Tags.StudyInstanceUid,
        Tags.SeriesInstanceUid, Tags.PerformedProcedureStepStartDate, Tags.PerformedProcedureStepStartTime, Tags.RequestAttributesSequence,
    ];

    public static readonly IReadOnlyList<uint> Instance =
    [
        Tags.SpecificCharacterSet, Tags.SopClassUid, Tags.SopInstanceUid, Tags.InstanceAvailability, Tags.TimezoneOffsetFromUtc,
        Tags.StudyInstanceUid, Tags.SeriesInstanceUid, Tags.InstanceNumber,
        Tags.NumberOfFrames, Tags.Rows, Tags.Columns, Tags.BitsAllocated,
    ];

    /// <summary>The attributes read from an instance when it is stored.</summary>
    public static readonly FrozenSet<uint> Indexed = Study.Concat(Series).Concat(Instance).ToFrozenSet();

    // The same in every row, whatever the file has: answers are UTF-8, and everything is online.
    public static readonly DicomJsonValue Utf8 = new(Vr.CS, "ISO_IR 192");
    public static readonly DicomJsonValue Online = new(Vr.CS, "ONLINE");

    public static readonly IReadOnlyDictionary<uint, DicomJsonValue> StudyComputed =
        new Dictionary<uint, DicomJsonValue> { [Tags.SpecificCharacterSet] = Utf8, [Tags.InstanceAvailability] = Online };

    public static readonly IReadOnlyDictionary<uint, DicomJsonValue> SeriesComputed =
        new Dictionary<uint, DicomJsonValue> { [Tags.SpecificCharacterSet] = Utf8 };
}
