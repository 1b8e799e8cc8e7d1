namespace DicomFunctions.Core.Tables;

/// <summary>The columns of a record besides those of its data sets.</summary>
internal enum RecordField
{
    StudyInstanceUid,
    SeriesInstanceUid,
    SopInstanceUid,
    Source,
    AlreadyStored,
    RetrieveUrl,
    Files,
    Bytes,
    MessageId,
    PublishTime,
    InputIndex,
    Success,
    Status,
    Error,
}
