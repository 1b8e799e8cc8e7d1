namespace DicomFunctions.Emulator.Dicom;

/// <summary>The entity that an attribute belongs to; a patient's attributes count as its studies'.</summary>
internal enum AttributeLevel
{
    Study,
    Series,
    Instance,
}
