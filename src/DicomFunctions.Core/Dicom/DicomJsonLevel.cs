namespace DicomFunctions.Core.Dicom;

/// <summary>The level of a data set. Its value is the number of UIDs that identify one: its own and those of the levels above.</summary>
internal enum DicomJsonLevel
{
    Study = 1,
    Series = 2,
    Instance = 3,
}
