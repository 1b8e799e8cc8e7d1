namespace DicomFunctions.Core.Dicom;

/// <summary>The position of one data set in the bytes given to <see cref="DicomJsonRowScanner"/>.</summary>
internal readonly record struct DicomJsonRow
{
    public int Start { get; init; }

    public int Length { get; init; }

    /// <summary>Whether there are line breaks or tabs between tokens. They must go before the data set fits an NDJSON line.</summary>
    public bool HasControls { get; init; }

    /// <summary>Whether it is nested deeper than <see cref="DicomJsonRowScanner.MaxDepth"/>. If so, only its end was found.</summary>
    public bool IsTooDeep { get; init; }

    /// <summary>The positions of its UIDs, relative to its start.</summary>
    public DicomJsonUidRanges Uids { get; init; }
}
