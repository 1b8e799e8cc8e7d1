namespace DicomFunctions.Emulator.Storage;

/// <summary>The attributes that studies can be searched by. An absent attribute is empty.</summary>
internal sealed record StudyAttributes(
    string PatientName,
    string PatientId,
    string AccessionNumber,
    string ReferringPhysicianName,
    string StudyDate);
