namespace DicomFunctions.Core.Dicom;

/// <summary>
/// Where the characters of a data set's UIDs lie, as they are written: padding and escapes included. An empty range for one that was not
/// looked for, or is not there.
/// </summary>
internal readonly record struct DicomJsonUidRanges(Range Study, Range Series, Range SopInstance)
{
    /// <summary>The UID that names the data set at this level.</summary>
    public Range Of(DicomJsonLevel level) => level switch
    {
        DicomJsonLevel.Study => Study,
        DicomJsonLevel.Series => Series,
        _ => SopInstance,
    };
}
