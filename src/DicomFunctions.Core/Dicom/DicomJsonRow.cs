namespace DicomFunctions.Core.Dicom;

/// <summary>Where one data set lies in the bytes given to <see cref="DicomJsonRowScanner"/>.</summary>
internal readonly record struct DicomJsonRow
{
    public int Start { get; init; }

    public int Length { get; init; }

    /// <summary>Line breaks or tabs stand between tokens: they must go before the data set fits one NDJSON line.</summary>
    public bool HasControls { get; init; }

    /// <summary>The identifying UID's characters, from the data set's own start; empty when it has none.</summary>
    public Range UidRange { get; init; }
}
