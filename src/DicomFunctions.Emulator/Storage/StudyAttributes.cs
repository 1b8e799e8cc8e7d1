namespace DicomFunctions.Emulator.Storage;

/// <summary>What studies can be searched by. Absent attributes are empty.</summary>
internal sealed record StudyAttributes(
    string PatientName,
    string PatientId,
    string AccessionNumber,
    string ReferringPhysicianName,
    string StudyDate);
