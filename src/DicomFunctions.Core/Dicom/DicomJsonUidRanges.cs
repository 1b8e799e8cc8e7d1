namespace DicomFunctions.Core.Dicom;

/// <summary>
/// The positions of a data set's UIDs in its text, with their padding and escapes. The range of a UID that was not looked for or not
/// found is empty.
/// </summary>
internal readonly record struct DicomJsonUidRanges(Range Study, Range Series, Range SopInstance)
{
    /// <summary>The UID of the data set itself at this level.</summary>
    public Range Of(DicomJsonLevel level) => level switch
    {
        DicomJsonLevel.Study => Study,
        DicomJsonLevel.Series => Series,
        _ => SopInstance,
    };
}
