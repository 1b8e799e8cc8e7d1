namespace DicomFunctions.Emulator.Dicom;

/// <summary>The entity that an attribute describes. A patient's attributes count as those of its studies.</summary>
internal enum AttributeLevel
{
    Study,
    Series,
    Instance,
}
