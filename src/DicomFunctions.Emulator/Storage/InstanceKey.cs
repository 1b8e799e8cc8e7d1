namespace DicomFunctions.Emulator.Storage;

/// <summary>The three UIDs that identify an instance in a store.</summary>
internal readonly record struct InstanceKey(string StudyUid, string SeriesUid, string SopUid);
