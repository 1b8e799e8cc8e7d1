namespace DicomFunctions.Core.Dicom;

/// <summary>The identifiers found so far.</summary>
internal struct Part10Identifiers
{
    public bool HasPreamble;
    public bool HasFileMeta;
    public string? TransferSyntax;
    public string? MediaSopClass;
    public string? MediaSopInstance;
    public string? SopClass;
    public string? SopInstance;
    public string? Study;
    public string? Series;

    /// <summary>Whether a preamble or file meta information marks the file as DICOM.</summary>
    public readonly bool IsMarked => HasPreamble || HasFileMeta;

    /// <summary>Whether all UIDs have been found.</summary>
    public readonly bool IsComplete => SopInstance is not null && Study is not null && Series is not null;

    public readonly Part10Header ToHeader() => new()
    {
        TransferSyntaxUid = TransferSyntax!,
        SopClassUid = SopClass ?? MediaSopClass,
        SopInstanceUid = SopInstance ?? MediaSopInstance,
        FileMetaSopInstanceUid = SopInstance is null || SopInstance == MediaSopInstance ? null : MediaSopInstance,
        StudyInstanceUid = Study,
        SeriesInstanceUid = Series,
        HasPreamble = HasPreamble,
    };
}
