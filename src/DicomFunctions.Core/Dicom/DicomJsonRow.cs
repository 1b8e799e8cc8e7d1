namespace DicomFunctions.Core.Dicom;

/// <summary>Where one data set lies in the bytes given to <see cref="DicomJsonRowScanner"/>.</summary>
internal readonly record struct DicomJsonRow
{
    public int Start { get; init; }

    public int Length { get; init; }

    /// <summary>Line breaks or tabs stand between tokens: they must go before the data set fits one NDJSON line.</summary>
    public bool HasControls { get; init; }

    /// <summary>It is nested deeper than <see cref="DicomJsonRowScanner.MaxDepth"/>, so only its end is known, and no more was checked.</summary>
    public bool IsTooDeep { get; init; }

    /// <summary>Where its UIDs lie, from the data set's own start.</summary>
    public DicomJsonUidRanges Uids { get; init; }
}
