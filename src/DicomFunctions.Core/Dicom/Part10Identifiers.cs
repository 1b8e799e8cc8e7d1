namespace DicomFunctions.Core.Dicom;

/// <summary>What was found of a file's identity so far.</summary>
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

    /// <summary>Something but the data set itself says that this is DICOM.</summary>
    public readonly bool IsMarked => HasPreamble || HasFileMeta;

    /// <summary>Nothing that could follow would add to it.</summary>
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
