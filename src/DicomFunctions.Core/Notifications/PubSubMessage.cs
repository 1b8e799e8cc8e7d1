namespace DicomFunctions.Core.Notifications;

/// <summary>
/// A Pub/Sub message about a DICOM store
/// (https://cloud.google.com/healthcare-api/docs/dicom-pubsub). Its data is the path of an instance; its attributes hold the path's parts.
/// </summary>
internal sealed record PubSubMessage
{
    /// <summary>The decoded data, normally a path. Null if there was none, or if it was not UTF-8 in base64.</summary>
    public string? Data { get; init; }

    public string? StoreName { get; init; }

    public string? StudyInstanceUid { get; init; }

    public string? SeriesInstanceUid { get; init; }

    public string? SopInstanceUid { get; init; }

    /// <summary>The message's id, the same in every delivery.</summary>
    public string? MessageId { get; init; }

    /// <summary>The time of publication (RFC 3339), as Pub/Sub wrote it.</summary>
    public string? PublishTime { get; init; }
}
