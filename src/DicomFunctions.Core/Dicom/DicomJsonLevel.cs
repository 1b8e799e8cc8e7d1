namespace DicomFunctions.Core.Dicom;

/// <summary>What a data set of an answer describes. Its number is that of the UIDs which identify one: its own and those above it.</summary>
internal enum DicomJsonLevel
{
    Study = 1,
    Series = 2,
    Instance = 3,
}
